import type { EventBody } from './events.ts'
import { taskOf, type RunState } from './state.ts'
import { hasEnded, type Task } from './task-state.ts'

export type End = { status: 'failed' | 'incomplete' | 'cancelled'; reason: string }

/** Tasks that end without completing, and every task behind them that can no longer run: each once. */
export function endWithoutCompleting(state: RunState, tasks: readonly Task[], end: End): EventBody[] {
  const ended = new Set(tasks.map((task) => task.spec.id))
  const events: EventBody[] = tasks.map((task) => ({ type: 'task.ended', task: task.spec.id, ...end }))
  for (const task of tasks) events.push(...blockBehind(state, task, end, ended))
  return events
}

function blockBehind(state: RunState, cause: Task, { status }: End, ended: Set<string>): EventBody[] {
  if (cause.spec.on_failure === 'continue') return []
  const events: EventBody[] = []
  const queue = [...cause.dependents]
  for (const id of queue) {
    const task = taskOf(state, id)
    if (ended.has(id) || hasEnded(task.state.status)) continue
    ended.add(id)
    events.push(blocked(id, cause.spec.id, status))
    if (task.spec.on_failure === 'block') queue.push(...task.dependents)
  }
  return events
}

const WORDS: Readonly<Record<string, string>> = { failed: 'failed', incomplete: 'is incomplete', cancelled: 'was cancelled' }

/** The end of a task that cannot run because `by` did not complete. */
export function blocked(id: string, by: string, status: string): EventBody {
  return { type: 'task.ended', task: id, status: 'blocked', by, reason: `"${by}" ${WORDS[status] ?? 'did not complete'}` }
}
