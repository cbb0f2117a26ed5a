import type { Line, Span } from '../../core/views/line.ts'

/** Columns before a row of a list that tell whether it is the chosen one. */
export const MARK_COLUMNS = 2

/** Stands before a row: a bar for the chosen one, so that it can be told without colours. */
export function markOf(isChosen: boolean): Span {
  return isChosen ? { text: '▌ ', style: 'focus' } : { text: '  ' }
}

/** A line as the one that is chosen looks: one bar, where reversed colours would be pieces. */
export function selected(line: Line): Line {
  return line.map((span): Span => ({ text: span.text, selected: true }))
}
