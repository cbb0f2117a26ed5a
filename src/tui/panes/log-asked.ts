import type { Task } from '../../core/task-state.ts'
import type { Line } from '../../core/views/line.ts'
import type { Size } from '../layout.ts'
import { questionLines } from '../lines/question-lines.ts'
import { heldOf } from '../wishes.ts'

/** Rows of a pane that is small. */
const SMALL = 10

/** What a task asks stands below what it has said. It matters more than that: a small pane has a row left for the log, a large one a third. */
export function askedLines(task: Task, { width, height }: Size): Line[] {
  const held = heldOf(task)
  if (held?.gate !== 'question' || held.reply !== undefined) return []
  const rows = questionLines(held.question, width)
  const most = Math.max(Math.floor((height * 2) / 3), Math.min(height - 1, SMALL)) - 1
  if (most < 1) return []
  const shown = rows.length <= most ? rows : [...rows.slice(0, most - 1), [{ text: ' …', style: 'dim' as const }]]
  return [[{ text: `── asks ${'─'.repeat(Math.max(0, width - 8))}`, style: 'held' }], ...shown]
}
