import { adviceOn } from '../answering.ts'
import type { GateTimeout } from '../gate.ts'
import { needsApproval } from '../gate-policy.ts'
import { defaultReply, type Question } from '../question.ts'
import type { RunState } from '../state.ts'
import { hasEnded, type Gate, type HeldState, type Task } from '../task-state.ts'
import { plural } from '../units.ts'
import { waitsInWords } from './gate-words.ts'

/** What a person can say to what waits for them, and what comes of it. */
export type InboxAnswer = { intent: 'approve' | 'answer' | 'send-back' | 'reject' | 'unpause' | 'skip' | 'cancel'; means: string }

/** A task that waits for a person. */
export type InboxEntry = {
  task: string
  title: string
  gate: Gate
  /** The gate's id and the hash of what is shown, for an answer to name; absent where nothing is asked. */
  id: string | undefined
  shown: string | undefined
  /** ISO 8601, UTC. */
  since: string
  /** When it is answered by itself, and how. */
  due: { at: string; does: GateTimeout['does'] } | undefined
  /** What it waits for, in words. */
  waits: string
  question: Question | undefined
  /** What can be said to it, the usual first. */
  answers: readonly InboxAnswer[]
  /** What does help where an answer does not. */
  advice: string | undefined
  /** Tasks that cannot end before it does. */
  behind: number
}

/** All that waits for a person, oldest first. It costs with the number of tasks. */
export function inboxEntries(state: RunState): InboxEntry[] {
  if (state.counts.held === 0) return []
  const entries = [...state.tasks.values()].flatMap((task) => (task.state.status === 'held' && waitsForPerson(task, task.state) ? [entryOf(state, task, task.state)] : []))
  return entries.sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0))
}

/** What has been answered waits for room, and for nobody. */
function waitsForPerson({ ending }: Task, held: HeldState): boolean {
  return ending === undefined && !(held.gate === 'question' && held.reply !== undefined)
}

function entryOf(state: RunState, task: Task, held: HeldState): InboxEntry {
  const { id, title } = task.spec
  const behind = tasksBehind(state, task)
  const asked = held.gate === 'paused' ? { id: undefined, shown: undefined, due: undefined } : { id: held.id, shown: held.shown, due: held.due }
  return {
    task: id,
    title,
    gate: held.gate,
    ...asked,
    since: held.since,
    waits: waitsInWords(held),
    question: held.gate === 'question' ? held.question : undefined,
    answers: answersTo(state, task, held, behind),
    advice: held.gate === 'budget' ? adviceOn(task.spec, held.limit) : undefined,
    behind,
  }
}

const AS_SOON_AS = 'it runs as soon as there is room for it'

function answersTo(state: RunState, task: Task, held: HeldState, behind: number): InboxAnswer[] {
  const { skip, stops } = endings(task, behind)
  const cancel: InboxAnswer = { intent: 'cancel', means: `it is given up, and ${stops}` }
  switch (held.gate) {
    case 'approval':
      // Who rejects it cancels it, and can say why.
      return [{ intent: 'approve', means: AS_SOON_AS }, { intent: 'reject', means: `it is cancelled, and ${stops}` }, skip]
    case 'review':
      return [
        { intent: 'approve', means: 'it is complete, and what depends on it goes on' },
        { intent: 'send-back', means: 'it is tried again, and told what you say' },
        { intent: 'reject', means: `it is incomplete, and ${stops}` },
        skip,
        cancel,
      ]
    case 'question':
      return [...answersToQuestion(held.question), skip, cancel]
    case 'quota':
      return [{ intent: 'approve', means: `${held.providers.join(', ')} is asked again now, for all that waits for it` }, { intent: 'reject', means: `it is cancelled, and ${stops}` }, skip]
    case 'budget':
      return [skip, cancel]
    case 'paused':
      return [{ intent: 'unpause', means: needsApproval(state, task) ? 'it waits for approval then' : AS_SOON_AS }, skip, cancel]
  }
}

function answersToQuestion(question: Question): InboxAnswer[] {
  if (question.kind === 'permission') {
    return [
      { intent: 'approve', means: `it may use ${question.tool} for this` },
      { intent: 'reject', means: 'it may not, and has to do without' },
    ]
  }
  const usual = defaultReply(question)
  return [
    { intent: 'answer', means: 'it goes on with what you say' },
    ...(usual?.is === 'answered' ? [{ intent: 'approve' as const, means: `it goes on with ${usual.answers.join('; ')}` }] : []),
    { intent: 'reject', means: 'it has to decide by itself' },
  ]
}

/** What comes of it for the tasks behind one that ends without completing: `stops`, unless it was skipped. */
function endings({ spec }: Task, behind: number): { skip: InboxAnswer; stops: string } {
  const isOne = behind === 1
  const who = isOne ? 'the task behind it' : `the ${plural(behind, 'task')} behind it`
  const go = behind === 0 ? 'no other task waits for it' : `${who} ${isOne ? 'goes' : 'go'} on without it`
  const stops = behind === 0 || spec.on_failure === 'continue' ? go : `${who} ${isOne ? 'is' : 'are'} blocked`
  return { skip: { intent: 'skip', means: `it is not done, and ${go}` }, stops }
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
