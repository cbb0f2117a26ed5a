import type { Event } from '../../core/events.ts'
import type { RunState } from '../../core/state.ts'

/**
 * The tasks that may stand otherwise after an event: the one that it is about, and those that wait for it where it has
 * ended or begins anew. `all`: any of them may.
 */
export function touchedBy(event: Event, { tasks }: RunState): readonly string[] | 'all' {
  // New settings and prices are for every task.
  if (event.type === 'run.opened' || event.type === 'run.resumed' || event.type === 'prices.read') return 'all'
  if (event.type === 'tasks.ranked') return Object.keys(event.ranks)
  if (event.type === 'budget.counted') return (event.corrections ?? []).map(({ task }) => task)
  if (!('task' in event)) return []
  if (typeof event.task !== 'string') return [event.task.id]
  return event.type.startsWith('task.') ? [event.task, ...(tasks.get(event.task)?.dependents ?? [])] : [event.task]
}
