import { stringify } from 'yaml'
import type { Random } from '../random.ts'
import type { Scenario } from '../servers/scenario.ts'

/** A task of a plan that mixes all there is, and what has to become of it whatever happens meanwhile. */
export type MixedTask = {
  id: string
  /** As its file states it. */
  keys: Record<string, unknown>
  work: 'command' | 'prompt'
  ends: 'complete' | 'failed' | 'blocked' | 'cancelled'
  /** What its server does when it is asked for it for the first time; a model that is asked well answers. */
  first?: Scenario
  /** What its server does whenever it is asked. */
  always?: Scenario
  /** What a person says where it waits for them. `send-back`: once, and then they accept it. */
  person: 'approve' | 'reject' | 'send-back'
}

export type MixedPlan = { tasks: MixedTask[]; files: { name: string; text: string }[] }

/** What an answer has to contain that is held against something. */
export const GOOD = 'GOOD'
/** The file that a task has to hand in where it declares one. */
export const HANDED_IN = 'part.txt'

/** Ways for a first request to fail that another try, or another provider, mends. */
const MENDABLE: readonly Scenario[] = [
  { kind: 'refused', status: 500, message: 'the server had an error' },
  { kind: 'refused', status: 429, message: 'too many requests', headers: { 'retry-after': '0' } },
  { kind: 'reset' },
  { kind: 'dropped' },
  { kind: 'cut_short' },
  { kind: 'garbage' },
  { kind: 'answer', text: '' },
]
const REFUSED: Scenario = { kind: 'refused', status: 400, message: 'temperature is too high' }

/** Each way to go, or to go wrong once or for good; a plan that is large enough has one of each. */
const WAYS = ['plain', 'file', 'checked', 'flaky', 'approved', 'sent back', 'failing', 'rejected', 'refused', 'plain', 'reviewed', 'leaving'] as const
type Way = (typeof WAYS)[number]

/** Where commands note that they ran, as `ID PID`; relative to the workspace. */
export const NOTES = 'ran'

/** What a command that does not pass its checks at first leaves behind in the workspace, to know better the next time. */
export const markOf = (id: string) => `once-${id}`

/** A plan of commands and prompts over several files. */
export function mixedPlan(random: Random, size: number): MixedPlan {
  const tasks: MixedTask[] = []
  for (let index = 0; index < size; index += 1) {
    const before = tasks.slice(-6)
    const behind = before.length === 0 ? [] : [...new Set(Array.from({ length: random.below(3) }, () => random.of(before)))]
    tasks.push(mixedTask(`t${index}`, index < WAYS.length ? (WAYS[index] ?? 'plain') : random.of(WAYS), behind, random))
  }
  const files = ['one.yaml', 'two.yaml', 'three.yaml'].map((name, file) => ({ name, text: stringify({ tasks: tasks.filter((_, index) => index % 3 === file).map(({ keys }) => keys) }) }))
  return { tasks, files }
}

function mixedTask(id: string, way: Way, behind: readonly MixedTask[], random: Random): MixedTask {
  const work = way === 'failing' || way === 'leaving' ? 'command' : way === 'flaky' || way === 'refused' || random.below(5) < 3 ? 'prompt' : 'command'
  const isStopped = behind.some(({ ends, keys }) => ends !== 'complete' && keys['on_failure'] !== 'continue')
  const own = way === 'failing' || way === 'refused' ? 'failed' : way === 'rejected' ? 'cancelled' : 'complete'
  return {
    id,
    work,
    ends: isStopped ? 'blocked' : own,
    person: way === 'rejected' ? 'reject' : way === 'sent back' ? 'send-back' : 'approve',
    ...(way === 'flaky' ? { first: random.of(MENDABLE) } : {}),
    ...(way === 'refused' ? { always: REFUSED } : {}),
    keys: {
      id,
      ...(work === 'command' ? { command: commandOf(id, way, random) } : { prompt: `Do [[${id}]].`, tier: random.of(['small', 'medium', 'large']) }),
      ...(behind.length === 0 ? {} : { depends_on: behind.map((task) => task.id) }),
      ...(random.below(2) === 0 ? { on_failure: 'continue' } : {}),
      ...(way === 'checked' ? { checks: [{ contains: GOOD }], retries: 2 } : {}),
      ...(way === 'file' ? { outputs: [HANDED_IN] } : {}),
      ...(way === 'approved' || way === 'rejected' ? { requires_approval: true } : {}),
      ...(way === 'reviewed' || way === 'sent back' ? { review: true } : {}),
    },
  }
}

function commandOf(id: string, way: Way, random: Random): string {
  const noted = `echo "${id} $$" >> ${NOTES}; sleep ${(random.below(8) / 50).toFixed(2)}`
  switch (way) {
    case 'failing':
      return `${noted}; exit 3`
    case 'plain':
    case 'leaving':
      // What it leaves in its group, and out of it.
      return `(sleep 60 >/dev/null 2>&1 &); (setsid sleep 60 >/dev/null 2>&1 &); ${noted}; echo ${GOOD}`
    case 'file':
      return `${noted}; echo ${id} > "$TUTTI_OUTPUT_DIR/${HANDED_IN}"`
    case 'checked':
      return `${noted}; test -e ${markOf(id)} && echo ${GOOD} || touch ${markOf(id)}`
    case 'flaky':
    case 'approved':
    case 'reviewed':
    case 'refused':
    case 'rejected':
    case 'sent back':
      return `${noted}; echo ${id} is done`
  }
}
