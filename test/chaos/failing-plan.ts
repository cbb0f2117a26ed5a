import type { FailureKind } from '../../src/core/outcome.ts'
import { FAILURES, SERVER_FAILURES } from '../contracts/failures.ts'
import type { Random } from '../random.ts'
import type { Scenario } from '../servers/scenario.ts'
import { markOf } from './mixed-plan.ts'

/** A task, what is made to go wrong with it, and what has to become of it. */
export type FailingTask = {
  id: string
  keys: Record<string, unknown>
  /** What its server does with its first request, and with all of them. */
  first?: Scenario
  always?: Scenario | undefined
  /** What is made to go wrong; nothing for most. */
  wrong?: { what: string; kind: FailureKind }
  /** The ends that are right. */
  ends: readonly ('complete' | 'failed' | 'held')[]
}

/** A way for a task to go wrong, and what it takes. */
type Way = Omit<FailingTask, 'id' | 'keys'> & { keys: (id: string) => Record<string, unknown> }

/** The providers of `charging-servers.ts`: each speaks another protocol. */
const MODELS = ['free', 'first', 'second'] as const
/** One whose account has nothing left, a tier that begins where nobody listens, and how long a silence may be in seconds. */
export const EMPTY = 'empty'
export const AWAY = 'away'
const PATIENCE_S = 2

const USED_UP: Scenario = { kind: 'refused', status: 402, message: 'insufficient credit' }
const nothing = () => ({})

function kindOf(name: string): FailureKind {
  const found = FAILURES.find(([what]) => what === name)
  if (found === undefined) throw new Error(`bug: the contract knows no "${name}"`)
  return found[1]
}

/**
 * What another try mends happens once; the rest is so whenever it is asked. A refused key takes its provider away, and is
 * the task's own only where that has just said that it is back.
 */
function atServer([what, scenario]: readonly [string, Scenario]): Way {
  const kind = kindOf(what)
  const wrong = { what, kind }
  if (kind === 'bad_request' || kind === 'model_missing') return { wrong, always: scenario, ends: ['failed'], keys: nothing }
  return { wrong, first: scenario, ends: kind === 'auth' ? ['complete', 'failed'] : ['complete'], keys: nothing }
}

const OF_PROMPTS: readonly Way[] = [
  ...Object.entries(SERVER_FAILURES).map(atServer),
  { wrong: { what: 'it never answers', kind: 'silent' }, first: { kind: 'silent' }, ends: ['complete'], keys: () => ({ first_token_timeout_s: PATIENCE_S }) },
  { wrong: { what: 'it falls silent in mid-answer', kind: 'silent' }, first: { kind: 'held' }, ends: ['complete'], keys: () => ({ idle_timeout_s: PATIENCE_S }) },
  { wrong: { what: 'nothing listens there', kind: kindOf('nothing listens there') }, ends: ['complete'], keys: () => ({ provider: undefined, tier: AWAY }) },
  { wrong: { what: 'the account has nothing left', kind: 'quota_exhausted' }, always: USED_UP, ends: ['held'], keys: () => ({ provider: EMPTY }) },
]

const OF_COMMANDS: readonly Way[] = [
  { wrong: { what: 'the command exits with an error', kind: 'command_failed' }, ends: ['failed'], keys: () => ({ command: 'exit 3' }) },
  { wrong: { what: 'the command exits with an error, once', kind: 'command_failed' }, ends: ['complete'], keys: (id) => ({ command: `test -e ${markOf(id)} || { touch ${markOf(id)}; exit 3; }`, retries: 1 }) },
  { wrong: { what: 'the command cannot be started', kind: 'command_failed' }, ends: ['failed'], keys: () => ({ command: ['/nonexistent/program'] }) },
  { wrong: { what: 'the command takes too long', kind: 'timeout' }, ends: ['failed'], keys: () => ({ command: 'sleep 60', timeout_s: 0.5 }) },
]

/** Prompts over three protocols and commands; one of five goes wrong, in any way there is. */
export function failingPlan(random: Random, size: number): FailingTask[] {
  return Array.from({ length: size }, (_, index) => {
    const id = `t${index}`
    const place = random.of(['command', ...MODELS])
    const way: Way = random.below(5) === 0 ? random.of(place === 'command' ? OF_COMMANDS : OF_PROMPTS) : { ends: ['complete'], keys: nothing }
    const plain = place === 'command' ? { command: `echo ${id}` } : { prompt: `Do [[${id}]].`, provider: place }
    return { ...way, id, keys: { id, ...plain, ...way.keys(id) } }
  })
}
