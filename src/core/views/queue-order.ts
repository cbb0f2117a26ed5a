import { readyEntry } from '../order.ts'
import type { RunState } from '../state.ts'
import { costOfAttempts, type Task, type TaskState } from '../task-state.ts'
import { taskSpan } from './task-span.ts'

/** Where a task stands in the queue: what needs a person, what runs, what comes next, what time brings, what went wrong, what went well. */
const QUEUE_PLACES = ['question', 'approval', 'review', 'quota', 'money', 'running', 'ready', 'retry', 'budget', 'paused', 'waiting', 'failed', 'blocked', 'cancelled', 'skipped', 'complete'] as const
export type QueuePlace = (typeof QUEUE_PLACES)[number]

export const QUEUE_SORTS = ['need', 'name', 'time', 'cost', 'tier'] as const
export type QueueSort = (typeof QUEUE_SORTS)[number]

/** What a task is sorted by: first its text, then its numbers, the smaller ones first. No two tasks of a run have the same. */
export type QueueKey = { id: string; text: string; numbers: readonly number[] }

/** Where a task stands. `money`: there is none until a person changes a limit or a price; `budget`: until another day or month begins. */
export function queuePlace(now: TaskState): QueuePlace {
  switch (now.status) {
    case 'held':
      // It has been answered, and waits for room like any other.
      if (now.gate === 'question' && now.reply !== undefined) return 'running'
      if (now.gate === 'budget') return now.limit === 'day' || now.limit === 'month' ? 'budget' : 'money'
      return now.gate
    case 'running':
    case 'checking':
      return 'running'
    case 'waiting':
      return now.for.what === 'dependencies' ? 'waiting' : 'retry'
    case 'failed':
    case 'incomplete':
      return 'failed'
    case 'ready':
    case 'blocked':
    case 'cancelled':
    case 'skipped':
    case 'complete':
      return now.status
  }
}

/** A task's key in one of the orders. It changes only by events that are about the task. */
export function queueKey(task: Task, { settings }: RunState, sort: QueueSort): QueueKey {
  const { id } = task.spec
  const need = needOf(task)
  switch (sort) {
    case 'need':
      return { id, text: '', numbers: need }
    case 'name':
      return { id, text: id.toLowerCase().replaceAll(/\d+/g, (digits) => digits.padStart(8, '0')), numbers: need }
    case 'time':
      return { id, text: '', numbers: [...longestFirst(task), ...need] }
    case 'cost':
      return { id, text: '', numbers: [-costOfAttempts(task.attempts), ...need] }
    case 'tier': {
      const tier = (task.attempts.at(-1)?.route ?? task.route).tier
      const place = tier === undefined ? -1 : Object.keys(settings?.tiers ?? {}).indexOf(tier)
      return { id, text: '', numbers: [place === -1 ? Infinity : place, ...need] }
    }
  }
}

/** Negative when `a` stands before `b`; zero only for the same task. */
export function queueOrder(a: QueueKey, b: QueueKey): number {
  if (a.text !== b.text) return a.text < b.text ? -1 : 1
  for (let at = 0; at < a.numbers.length; at++) {
    const mine = a.numbers[at] ?? 0
    const other = b.numbers[at] ?? 0
    if (mine !== other) return mine < other ? -1 : 1
  }
  return 0
}

/** By place; within it what began first, leaves first or ended last; at the end by age, which no two tasks share. */
function needOf(task: Task): number[] {
  const place = queuePlace(task.state)
  const at = QUEUE_PLACES.indexOf(place)
  switch (place) {
    case 'running':
      return [at, taskSpan(task)?.from ?? 0, 0, task.order]
    case 'ready': {
      const { priority, rank, order } = readyEntry(task)
      return [at, -priority, -rank, order]
    }
    case 'retry':
      return [at, dueAt(task.state), 0, task.order]
    case 'failed':
    case 'blocked':
    case 'cancelled':
    case 'skipped':
    case 'complete':
      return [at, task.ended_at === undefined ? 0 : -Date.parse(task.ended_at), 0, task.order]
    case 'question':
    case 'approval':
    case 'review':
    case 'quota':
    case 'money':
    case 'budget':
    case 'paused':
    case 'waiting':
      return [at, 0, 0, task.order]
  }
}

function dueAt(now: TaskState): number {
  return now.status === 'waiting' && now.for.what === 'retry' ? Date.parse(now.for.until) : 0
}

/** What is under way comes first, the longest of it before the others; then what has ended; then what has not begun. */
function longestFirst(task: Task): [kind: number, length: number] {
  const span = taskSpan(task)
  if (span === undefined) return [2, 0]
  return span.to === undefined ? [0, span.from] : [1, span.from - span.to]
}
