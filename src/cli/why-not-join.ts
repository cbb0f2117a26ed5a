import type { ConductOptions } from './options.ts'

/** Why a command cannot be left to a conductor that works already: it has been told otherwise when it began. */
export function whyNotJoin({ provider, model, concurrency, cache, yes, param }: ConductOptions): string | undefined {
  const given = [
    ['--provider', provider !== undefined],
    ['--model', model !== undefined],
    ['--concurrency', concurrency !== undefined],
    ['--no-cache', cache === false],
    ['--yes', yes === true],
    ['--param', param !== undefined],
  ].flatMap(([option, isGiven]) => (isGiven === true ? [option] : []))
  if (given.length === 0) return undefined
  const advice = yes === true && given.length === 1 ? 'tutti approve --all says yes to what waits' : 'leave it away, or end that conductor first: tutti stop'
  return `a conductor works in this workspace already, with settings of its own, and ${given.join(', ')} cannot be chosen for it: ${advice}`
}
