import type { Event } from '../events.ts'
import type { Notifiable } from '../notifiable.ts'
import { gateId } from '../gate.ts'
import { oneLine } from '../sanitize.ts'
import { taskOf, type RunState } from '../state.ts'
import { attemptsAnew, costOfAttempts, type TaskStatus } from '../task-state.ts'
import { reasonOf, seconds } from './task-entry.ts'
import { taskCostUsd } from './spending.ts'
import { withoutUndefined } from './without-undefined.ts'

/** What is sent of one event, as JSON. */
export type Notification = {
  /** Version of this format. */
  v: 1
  event: Notifiable
  /** The same whenever this is sent again, and of nothing else: whoever receives it can drop what they know. */
  id: string
  /** When it happened (ISO 8601, UTC). */
  at: string
  run: string
  /** The event's number in the run's log. */
  seq: number
  project: string
  task?: {
    id: string
    title: string
    status: TaskStatus
    reason?: string
    attempts: number
    /** Of all its attempts, in US dollars. Null: not known, or nothing was tried yet. */
    cost_usd: number | null
  } | undefined
  /** What a person has to decide. `gate` is its number in the log: a task comes to a gate of the same kind again and again. */
  question?: { gate: string; gate_kind: string; text: string } | undefined
  summary?: {
    status: 'succeeded' | 'failed' | 'cancelled' | 'stopped'
    /** Why a conductor left before the run was over. */
    reason?: string
    /** How many tasks there are of each status, where there are any. */
    counts: Partial<Record<TaskStatus, number>>
    cost_usd: number
    /** Since the run was opened. */
    duration_s: number
  } | undefined
}

/** A failing command may quote pages; characters. */
const LONGEST_TEXT = 1000

/** What an event gives to tell, if anything. @param state has taken in the event, and nothing after it */
export function notificationOf(event: Event, state: RunState): Notification | undefined {
  const what = notifiable(event, state)
  if (what === undefined) return undefined
  const { run, project } = state
  const { seq, at } = event
  return withoutUndefined<Notification>({
    v: 1,
    event: what,
    id: `${run}/${seq}/${what}`,
    at,
    run,
    seq,
    project,
    task: 'task' in event && typeof event.task === 'string' ? taskPart(event.task, state) : undefined,
    question: event.type === 'gate.opened' ? questionPart(event, state) : undefined,
    summary: what === 'session_complete' ? summaryPart(event, state) : undefined,
  })
}

function notifiable(event: Event, state: RunState): Notifiable | undefined {
  if (event.type === 'attempt.started') return attemptsAnew(taskOf(state, event.task)).length === 1 ? 'task_start' : undefined
  if (event.type === 'task.ended') return ENDS[event.status]
  // A thousand tasks that wait for one quota are one question.
  if (event.type === 'gate.opened' && event.gate === 'quota' && state.gates.get(gateId(event.seq - 1))?.gate === 'quota') return undefined
  return ALWAYS[event.type]
}

const ALWAYS: Partial<Record<Event['type'], Notifiable>> = {
  'run.opened': 'session_start',
  'run.resumed': 'session_start',
  'gate.opened': 'question',
  'run.closed': 'session_complete',
  'run.stopped': 'session_complete',
}

/** What a person has ended themselves need not be told to them. */
const ENDS: Record<Extract<Event, { type: 'task.ended' }>['status'], Notifiable | undefined> = {
  complete: 'task_complete',
  incomplete: 'task_failed',
  failed: 'task_failed',
  blocked: 'task_failed',
  skipped: undefined,
  cancelled: undefined,
}

function taskPart(id: string, state: RunState): NonNullable<Notification['task']> {
  const task = taskOf(state, id)
  const reason = reasonOf(task, state)
  return {
    id,
    title: oneLine(task.spec.title, LONGEST_TEXT),
    status: task.state.status,
    ...(reason === undefined ? {} : { reason: oneLine(reason, LONGEST_TEXT) }),
    attempts: task.attempts.length,
    cost_usd: taskCostUsd(task),
  }
}

function questionPart({ seq, task, gate, reason }: Extract<Event, { type: 'gate.opened' }>, state: RunState): NonNullable<Notification['question']> {
  return { gate: gateId(seq), gate_kind: gate, text: oneLine(reasonOf(taskOf(state, task), state) ?? reason ?? `waits at ${gate}`, LONGEST_TEXT) }
}

function summaryPart({ at }: Event, { phase, counts, tasks, opened_at }: RunState): NonNullable<Notification['summary']> {
  return {
    status: phase.phase === 'closed' ? phase.status : 'stopped',
    ...(phase.phase === 'stopped' ? { reason: phase.reason } : {}),
    counts: Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    cost_usd: [...tasks.values()].reduce((sum, { attempts }) => sum + costOfAttempts(attempts), 0) / 1_000_000,
    duration_s: seconds(opened_at, at),
  }
}
