import type { RunState } from '../../core/state.ts'
import { TASK_STATUSES, type TaskStatus } from '../../core/task-state.ts'
import { GLYPHS } from '../../core/views/glyphs.ts'
import type { Line } from '../../core/views/line.ts'
import type { Piece } from '../lines/pieces.ts'

/** The sign that each status is counted under. */
const UNDER = {
  complete: 'complete',
  running: 'running',
  checking: 'running',
  waiting: 'waiting',
  ready: 'waiting',
  held: 'held',
  failed: 'failed',
  incomplete: 'incomplete',
  blocked: 'blocked',
  cancelled: 'cancelled',
  skipped: 'skipped',
} as const satisfies Record<TaskStatus, TaskStatus>

type Counted = (typeof UNDER)[TaskStatus]

/** How long each sign stays where columns run out. */
const KEEP: Record<Counted, number> = { complete: 7, running: 6, waiting: 5, held: 9, failed: 8, incomplete: 8, blocked: 2, cancelled: 2, skipped: 2 }
/** In this order. */
const COUNTED = ['complete', 'running', 'waiting', 'held', 'failed', 'incomplete', 'blocked', 'cancelled', 'skipped'] as const satisfies readonly Counted[]

/** Which signs are said in words beside them, by the room that there is: all, what is looked for first, none. */
export const TELLINGS = [new Set<TaskStatus>(TASK_STATUSES), new Set<TaskStatus>(['running', 'held', 'failed', 'incomplete']), new Set<TaskStatus>(['held']), new Set<TaskStatus>()] as const
export type Telling = (typeof TELLINGS)[number]

/** How many tasks have which status, and of how many: those that there are. What does not need saying is not said. */
export function countPieces({ counts, tasks }: RunState, telling: Telling): Piece[] {
  const sums = new Map<TaskStatus, number>()
  for (const status of TASK_STATUSES) sums.set(UNDER[status], (sums.get(UNDER[status]) ?? 0) + counts[status])
  const shown = COUNTED.map((status) => ({ status, keep: KEEP[status], count: sums.get(status) ?? 0 })).filter(({ count }) => count > 0)
  return shown.map(({ status, keep, count }, index) => {
    const sign: Line = [{ text: `${GLYPHS[status].unicode} ${count.toLocaleString('en')}${status === 'complete' ? `/${tasks.size.toLocaleString('en')}` : ''}`, style: status }]
    const said: Line = [...sign, { text: ` ${status}`, style: 'dim' }]
    return { ways: telling.has(status) ? [said, sign] : [sign], keep, ...(index === 0 ? {} : { gap: 2 }) }
  })
}
