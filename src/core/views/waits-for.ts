import type { RunState } from '../state.ts'
import type { Task } from '../task-state.ts'
import { taskEntry } from './task-entry.ts'
import { missingNames } from './why.ts'

/** What a task is waiting for that has not begun, or why it never will: `waits for architect, schema`. */
export function waitsFor(task: Task, state: RunState): string {
  const { reason } = taskEntry(task, state)
  if (reason !== undefined) return reason
  const { status } = task.state
  switch (status) {
    case 'waiting':
      return `waits for ${missingNames(task, state)}`
    case 'ready':
      return 'waits for its turn'
    case 'held':
    case 'running':
    case 'checking':
    case 'complete':
    case 'incomplete':
    case 'failed':
    case 'blocked':
    case 'skipped':
    case 'cancelled':
      return status
  }
}
