import { oneLine } from '../sanitize.ts'
import type { RunState } from '../state.ts'
import { costOfAttempts, TASK_STATUSES, type Task, type TaskStatus, isEstimate } from '../task-state.ts'
import { formatSpan, formatUsd } from '../units.ts'
import type { Manifest } from './manifest.ts'
import { queueKey, queueOrder } from './queue-order.ts'
import { labelOf, reasonOf } from './task-entry.ts'
import { taskSpan, type TaskSpan } from './task-span.ts'
import { whyInBrief, type Clock } from './why.ts'

/** One task as a row of the queue. Its texts are safe to show; what does not apply is empty. */
export type QueueRow = {
  id: string
  title: string
  status: TaskStatus
  tier: string
  /** `claude · sonnet`; that no model was called, where it was only rehearsed. */
  route: string
  /** From its first attempt to its end, or to now. */
  time: string
  /** `$0.21`; `≤ $0.21` where a part is an estimate; `cached`; nothing where nothing was paid. */
  cost: string
  tries: string
  /** Why it waits, or what it came to, in few words. */
  why: string
}

/** The same with the reason at length, and what can be done about it. */
export type FullQueueRow = QueueRow & { reason: string }

/** A reason may quote pages: of more than `LOOKED_AT` characters none is looked at. */
const LONGEST_WHY = 300
const LOOKED_AT = 3_000

/** The row of one task, as it stands now. */
export function queueRow(task: Task, state: RunState, clock: Clock): QueueRow {
  const { spec, attempts } = task
  const route = attempts.at(-1)?.route ?? task.route
  const span = taskSpan(task)
  return {
    id: spec.id,
    title: oneLine(spec.title, 200),
    status: task.state.status,
    tier: oneLine(route.tier ?? '', 40),
    route: oneLine(labelOf(route, state.settings) ?? [route.provider, route.model].filter((part) => part !== undefined).join(' · '), 80),
    time: span === undefined ? '' : timeText(span, clock.now),
    cost: costText(task),
    tries: attempts.length > 1 ? `${attempts.length} tries` : '',
    why: oneLine(whyInBrief(task, state, clock).slice(0, LOOKED_AT), LONGEST_WHY),
  }
}

/** The queue, sorted by what needs a person. @param most rows, from its beginning on */
export function queueRows(state: RunState, clock: Clock, most: number = Infinity): FullQueueRow[] {
  const keys = [...state.tasks.values()].map((task) => ({ task, key: queueKey(task, state, 'need') }))
  const first = keys.sort((a, b) => queueOrder(a.key, b.key)).slice(0, most)
  return first.map(({ task }) => ({ ...queueRow(task, state, clock), reason: oneLine(reasonOf(task, state) ?? '', Infinity) }))
}

/** A clock that runs shows whole seconds. */
function timeText({ from, to }: TaskSpan, now: number): string {
  return to === undefined ? formatSpan(Math.max(0, Math.floor((now - from) / 1000))) : formatSpan((to - from) / 1000)
}

function costText({ attempts }: Task): string {
  const cost = costOfAttempts(attempts)
  if (cost === 0) return attempts.some(({ outcome }) => outcome?.result === 'answered' && outcome.cached === true) ? 'cached' : ''
  return `${attempts.some(isEstimate) ? '≤ ' : ''}${formatUsd(cost)}`
}

/** In which order statuses are counted: what went well, what is still to be done, what needs a person. */
const COUNTED: Record<TaskStatus, number> = { complete: 0, skipped: 1, cancelled: 1, waiting: 2, ready: 3, blocked: 4, incomplete: 5, failed: 5, running: 6, checking: 6, held: 7 }

/** `10 complete, 1 failed`; `nothing` for a run without tasks. */
export function countsText(counts: Manifest['counts']): string {
  const parts = TASK_STATUSES.map((status) => ({ status, count: counts[status] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => COUNTED[a.status] - COUNTED[b.status])
  return parts.length === 0 ? 'nothing' : parts.map(({ status, count }) => `${count} ${status}`).join(', ')
}
