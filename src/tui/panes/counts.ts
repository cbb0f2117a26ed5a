import type { RunState } from '../../core/state.ts'
import type { TaskStatus } from '../../core/task-state.ts'
import { GLYPHS } from '../../core/views/glyphs.ts'
import type { Line } from '../../core/views/line.ts'
import type { Piece } from '../lines/pieces.ts'

/** A sign of the header, the statuses that are counted under it, and how long it stays where columns run out. */
type Count = { status: TaskStatus; with?: readonly TaskStatus[]; keep: number }

const COUNTS: readonly Count[] = [
  { status: 'complete', keep: 7 },
  { status: 'running', with: ['checking'], keep: 6 },
  { status: 'waiting', with: ['ready'], keep: 5 },
  { status: 'held', keep: 9 },
  { status: 'failed', with: ['incomplete'], keep: 8 },
  { status: 'blocked', keep: 2 },
  { status: 'cancelled', keep: 2 },
  { status: 'skipped', keep: 2 },
]

/** Which signs are said in words beside them, by the room that there is: all, what is looked for first, none. */
export const TELLINGS = [new Set<TaskStatus>(COUNTS.map(({ status }) => status)), new Set<TaskStatus>(['running', 'held', 'failed']), new Set<TaskStatus>(['held']), new Set<TaskStatus>()] as const
export type Telling = (typeof TELLINGS)[number]

/** How many tasks have which status, and of how many: those that there are. What does not need saying is not said. */
export function countPieces({ counts, tasks }: RunState, telling: Telling): Piece[] {
  const shown = COUNTS.map(({ status, with: others = [], keep }) => ({ status, keep, count: [status, ...others].reduce((sum, each) => sum + counts[each], 0) })).filter(({ count }) => count > 0)
  return shown.map(({ status, keep, count }, index) => {
    const sign: Line = [{ text: `${GLYPHS[status].unicode} ${count.toLocaleString('en')}${status === 'complete' ? `/${tasks.size.toLocaleString('en')}` : ''}`, style: status }]
    const said: Line = [...sign, { text: ` ${status}`, style: 'dim' }]
    return { ways: telling.has(status) ? [said, sign] : [sign], keep, ...(index === 0 ? {} : { gap: 2 }) }
  })
}
