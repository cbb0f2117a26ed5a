import { TASK_STATUSES, type TaskStatus } from '../task-state.ts'
import type { Manifest } from './manifest.ts'
import type { TaskEntry } from './task-entry.ts'
import { formatSeconds, formatUsd } from '../units.ts'

/** One task as a row of the queue. */
export type QueueRow = { id: string; status: TaskStatus; route: string; time: string; cost: string; tries: string; note: string }

/** What needs a person comes first, then what runs, what went wrong, what comes next, and what went well. */
const PLACE: Record<TaskStatus, number> = {
  held: 0,
  running: 1,
  checking: 1,
  failed: 2,
  incomplete: 2,
  blocked: 3,
  ready: 4,
  waiting: 5,
  cancelled: 6,
  skipped: 6,
  complete: 7,
}

/** The queue: every task, sorted by what needs a person. */
export function queueRows({ tasks }: Manifest): QueueRow[] {
  return tasks.map(queueRow).sort((a, b) => PLACE[a.status] - PLACE[b.status])
}

function queueRow(task: TaskEntry): QueueRow {
  return {
    id: task.id,
    status: task.status,
    route: task.label ?? [task.provider, task.model].filter((part) => part !== undefined).join(' · '),
    time: task.duration_s === undefined ? '' : formatSeconds(task.duration_s),
    cost: costText(task),
    tries: task.attempts > 1 ? `${task.attempts} tries` : '',
    note: task.reason ?? '',
  }
}

/** `$0.21`; `≤ $0.21` where a part is an estimate; `cached`; nothing where nothing was paid. */
function costText({ cost_micro_usd, estimated, cached }: TaskEntry): string {
  if (cost_micro_usd === 0) return cached === true ? 'cached' : ''
  return `${estimated === true ? '≤ ' : ''}${formatUsd(cost_micro_usd)}`
}

/** `10 complete, 1 failed`, in the order of the queue; `nothing` for a run without tasks. */
export function countsText(counts: Manifest['counts']): string {
  const parts = TASK_STATUSES.map((status) => ({ status, count: counts[status] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => PLACE[b.status] - PLACE[a.status])
  return parts.length === 0 ? 'nothing' : parts.map(({ status, count }) => `${count} ${status}`).join(', ')
}
