import type { Task } from '../../core/task-state.ts'
import type { Line } from '../../core/views/line.ts'
import type { Size } from '../layout.ts'
import { questionLines } from '../lines/question-lines.ts'
import { heldOf } from '../wishes.ts'

/** What a task asks stands below what it has said, in half of the room at most: the inbox shows all of it. */
export function askedLines(task: Task, { width, height }: Size): Line[] {
  const held = heldOf(task)
  if (held?.gate !== 'question' || held.reply !== undefined) return []
  const rows = questionLines(held.question, width)
  const most = Math.floor(height / 2) - 1
  if (most < 1) return []
  const shown = rows.length <= most ? rows : [...rows.slice(0, most - 1), [{ text: ' …', style: 'dim' as const }]]
  return [[{ text: `── asks ${'─'.repeat(Math.max(0, width - 8))}`, style: 'held' }], ...shown]
}
