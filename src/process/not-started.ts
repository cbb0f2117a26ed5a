import type { NotStarted } from './program-end.ts'

/** What a program is started with. */
type Given = { program: string; args: readonly string[]; env: Readonly<Record<string, string>> }

/** What no program can be given. Node would quote it in full. */
export function ungiveable({ program, args, env }: Given): NotStarted | undefined {
  const holdsNul = [program, ...args, ...Object.entries(env).flat()].some((each) => each.includes('\0'))
  if (!holdsNul) return undefined
  return { how: 'not-started', message: 'cannot start a program: its name, an argument or a variable of its environment holds a NUL character', why: 'arguments' }
}

/** Why the system did not start a program; in the words of its error where that is none that we know. */
export function notStarted(given: Given, error: unknown): NotStarted {
  const { code, message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { code: undefined, message: String(error) }
  const because = (reason: string) => ({ how: 'not-started' as const, message: `cannot start "${given.program}": ${reason}` })
  if (code === 'ENOENT' || code === 'ENOTDIR') return { ...because('there is no such program'), why: 'missing' }
  if (code === 'EACCES') return { ...because('it may not be run (is it executable?)'), why: 'missing' }
  if (code === 'E2BIG') return { ...because(tooLong(given)), why: 'arguments' }
  return because(message)
}

/** Linux takes 128 kB for each argument and variable, and some 2 MB for all of them; other systems have a limit for all. */
function tooLong({ args, env }: Given): string {
  const sizes = [...args.map((arg) => ['argument', arg] as const), ...Object.entries(env)].map(([name, text]) => ({ name, bytes: Buffer.byteLength(text) }))
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
  const { name, bytes } = sizes.reduce((longest, each) => (each.bytes > longest.bytes ? each : longest), { name: '', bytes: 0 })
  const which = name === 'argument' ? 'an argument' : `the variable ${name}`
  return `its arguments and environment are longer than the system takes (${total} bytes in all, of which ${which} has ${bytes})`
}
