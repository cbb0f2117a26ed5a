import type { RunState } from '../state.ts'
import { adviceOn } from '../steering.ts'
import { hasEnded, type Gate, type Task, type TaskState } from '../task-state.ts'
import { plural } from '../units.ts'

/** What a person can say to what waits for them, and what comes of it. */
type Answer = { intent: 'approve' | 'unpause' | 'skip' | 'cancel'; means: string }

/** A task that waits for a person. */
export type InboxEntry = {
  task: string
  title: string
  gate: Gate
  /** ISO 8601, UTC. */
  since: string
  /** What it waits for, in words. */
  waits: string
  /** Absent where a key does not help: then `advice` says what does. */
  yes: Answer | undefined
  advice: string | undefined
  /** To go on without it, and to give it up. */
  no: readonly [Answer, Answer]
  /** Tasks that cannot end before it does. */
  behind: number
}

type Held = Extract<TaskState, { status: 'held' }>

/** All that waits for a person, oldest first. It costs with the number of tasks. */
export function inboxEntries(state: RunState): InboxEntry[] {
  if (state.counts.held === 0) return []
  const entries = [...state.tasks.values()].flatMap((task) => (task.state.status === 'held' && task.ending === undefined ? [entryOf(state, task, task.state)] : []))
  return entries.sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0))
}

function entryOf(state: RunState, task: Task, held: Held): InboxEntry {
  const { id, title } = task.spec
  const behind = tasksBehind(state, task)
  return { task: id, title, gate: held.gate, since: held.since, behind, no: noTo(task, behind), ...wanted(task, held) }
}

const AS_SOON_AS = 'it runs as soon as there is room for it'

function wanted({ spec, approved }: Task, held: Held): Pick<InboxEntry, 'waits' | 'yes' | 'advice'> {
  switch (held.gate) {
    case 'approval':
      return { waits: 'waits for approval', yes: { intent: 'approve', means: AS_SOON_AS }, advice: undefined }
    case 'budget':
      return { waits: `waits for money: ${held.reason}`, yes: undefined, advice: adviceOn(spec, held.limit) }
    case 'paused': {
      const isAskedFor = spec.requires_approval && !approved
      return { waits: `paused by ${held.by}`, yes: { intent: 'unpause', means: isAskedFor ? 'it waits for approval then' : AS_SOON_AS }, advice: undefined }
    }
  }
}

function noTo({ spec }: Task, behind: number): [Answer, Answer] {
  const isOne = behind === 1
  const who = isOne ? 'the task behind it' : `the ${plural(behind, 'task')} behind it`
  const go = behind === 0 ? 'no other task waits for it' : `${who} ${isOne ? 'goes' : 'go'} on without it`
  const stop = behind === 0 || spec.on_failure === 'continue' ? go : `${who} ${isOne ? 'is' : 'are'} blocked`
  return [
    { intent: 'skip', means: `it is not done, and ${go}` },
    { intent: 'cancel', means: `it is given up, and ${stop}` },
  ]
}

/** Tasks that depend on one, directly or through others, and have not ended. */
function tasksBehind({ tasks }: RunState, { dependents }: Task): number {
  const seen = new Set(dependents)
  let behind = 0
  for (const id of seen) {
    const task = tasks.get(id)
    if (task === undefined || hasEnded(task.state.status)) continue
    behind++
    for (const next of task.dependents) seen.add(next)
  }
  return behind
}
