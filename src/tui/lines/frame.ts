import type { Line, Span } from '../../core/views/line.ts'
import { cutTo, fit, widthOf } from './fit.ts'

export type FrameOptions = {
  width: number
  height: number
  /** Whether the keys go to this pane. */
  focused: boolean
  /** `rule`: only a line with the title, for screens that have no columns to give away. */
  border: 'box' | 'rule'
  /** At the right of the title. */
  note?: Line
}

/** Rows and columns that are left inside a frame. */
export function insideOf({ width, height, border }: Pick<FrameOptions, 'width' | 'height' | 'border'>): { width: number; height: number } {
  return border === 'rule' ? { width, height: Math.max(0, height - 1) } : { width: Math.max(0, width - 2), height: Math.max(0, height - 2) }
}

/** Lines in a frame with a title: exactly as many rows and columns as it is given. */
export function frame(title: Line, body: readonly Line[], options: FrameOptions): Line[] {
  const { width, height, focused, border } = options
  const style = focused ? 'focus' : 'frame'
  const inside = insideOf(options)
  const rows = Array.from({ length: inside.height }, (_, index) => fit(body[index] ?? [], inside.width))
  const top = titleLine(title, options, style)
  if (border === 'rule') return [top, ...rows].slice(0, height)
  const side: Span = { text: '│', style }
  const bottom: Line = [{ text: `╰${'─'.repeat(Math.max(0, width - 2))}╯`, style }]
  return [top, ...rows.map((row): Line => [side, ...row, side]), fit(bottom, width)].slice(0, height)
}

function titleLine(title: Line, { width, focused, border, note = [] }: FrameOptions, style: 'focus' | 'frame'): Line {
  const [left, right] = border === 'rule' ? ['─', '─'] : ['╭', '╮']
  const named: Line = [{ text: `${left} `, style }, ...cutTo(title, Math.max(0, width - 5)).map((span): Span => (focused ? { style: 'focus', ...span } : span)), { text: ' ', style }]
  const room = width - widthOf(named) - 1
  const told = note.length > 0 && widthOf(note) + 3 <= room ? [{ text: ' ' }, ...note, { text: ' ' }, { text: '─', style } as Span] : []
  const rule = '─'.repeat(Math.max(0, room - widthOf(told)))
  return fit([...named, { text: rule, style }, ...told, { text: right, style }], width)
}
