import type { Order } from './heap.ts'
import type { ReadyEntry, RetryEntry } from './state.ts'
import type { Task } from './task-state.ts'
import type { Priority } from './task.ts'

const PRIORITY: Record<Priority, number> = { low: 0, medium: 1, high: 2, critical: 3 }

/** Ready tasks leave by priority, then by the critical path behind them, then by age. */
export const readyOrder: Order<ReadyEntry> = (a, b) => b.priority - a.priority || b.rank - a.rank || a.order - b.order

/** Retries come due by their time, then by age. */
export const retryOrder: Order<RetryEntry> = (a, b) => {
  if (a.until !== b.until) return a.until < b.until ? -1 : 1
  return a.order - b.order
}

/** A task's place in its lane. */
export function readyEntry({ spec, rank, order }: Task): ReadyEntry {
  return { id: spec.id, priority: PRIORITY[spec.priority], rank, order }
}
