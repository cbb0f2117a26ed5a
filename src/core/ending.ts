import type { EventBody } from './events.ts'
import { taskOf, type RunState } from './state.ts'
import { hasEnded, type Ending, type Task } from './task-state.ts'

/** An end that stops what depends on the task. */
export type End = { status: 'failed' | 'incomplete' | 'cancelled'; reason: string }

/** One task's end, as it is recorded. */
type TaskEnd = { task: Task; status: End['status'] | 'skipped'; reason: string; asked_by?: string }

/** Tasks that end without completing, and every task behind them that can no longer run: each once. */
export function endWithoutCompleting(state: RunState, tasks: readonly Task[], end: End): EventBody[] {
  return endAll(state, tasks.map((task) => ({ task, ...end })))
}

/**
 * Tasks that a person wants to end, and every task behind a cancelled one that can no longer run: each once.
 * `reason`: where they have said more than that they want it
 */
export function endAsWished(state: RunState, wishes: readonly { task: Task; ending: Ending; reason?: string }[]): EventBody[] {
  return endAll(state, wishes.map(({ task, ending: { status, by }, reason = `${status} by ${by}` }) => ({ task, status, reason, asked_by: by })))
}

function endAll(state: RunState, ends: readonly TaskEnd[]): EventBody[] {
  const ended = new Set(ends.map(({ task }) => task.spec.id))
  const events: EventBody[] = ends.map(({ task, ...end }) => ({ type: 'task.ended', task: task.spec.id, ...end }))
  for (const { task, status } of ends) if (status !== 'skipped') events.push(...blockBehind(state, task, status, ended))
  return events
}

function blockBehind(state: RunState, cause: Task, status: End['status'], ended: Set<string>): EventBody[] {
  if (cause.spec.on_failure === 'continue') return []
  const events: EventBody[] = []
  const queue = [...cause.dependents]
  for (const id of queue) {
    const task = taskOf(state, id)
    if (ended.has(id) || hasEnded(task.state.status)) continue
    ended.add(id)
    events.push(blocked(id, { by: cause.spec.id, status }))
    if (task.spec.on_failure === 'block') queue.push(...task.dependents)
  }
  return events
}

const WORDS: Record<End['status'], string> = { failed: 'failed', incomplete: 'is incomplete', cancelled: 'was cancelled' }

/** The end of a task that cannot run because `by` did not complete. */
export function blocked(id: string, { by, status }: Cause): EventBody {
  return { type: 'task.ended', task: id, status: 'blocked', by, reason: `"${by}" ${WORDS[status]}` }
}

/** The task that stands at the beginning of what stops others, and how it ended. */
export type Cause = { by: string; status: End['status'] }

/** Behind a task that is blocked itself stands the one that blocked it. */
export function causeOf(state: RunState, id: string): Cause {
  const { state: now } = taskOf(state, id)
  switch (now.status) {
    case 'blocked':
      return causeOf(state, now.by)
    case 'failed':
    case 'incomplete':
    case 'cancelled':
      return { by: id, status: now.status }
    case 'waiting':
    case 'ready':
    case 'held':
    case 'running':
    case 'checking':
    case 'complete':
    case 'skipped':
      throw new Error(`bug: "${id}" stops nothing, it is ${now.status}`)
  }
}
