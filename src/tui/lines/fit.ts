import type { Line, Span } from '../../core/views/line.ts'
import { clustersOf, columnsOf, isPlain, lettersOf } from './columns.ts'

/** Columns that a line takes. */
export function widthOf(line: Line): number {
  let width = 0
  for (const { text } of line) width += columnsOf(text)
  return width
}

/**
 * A line of exactly `width` columns: cut with `…` where it is longer, filled up with spaces where it is shorter.
 * @param fill how the spaces look: what is selected is so to the edge
 */
export function fit(line: Line, width: number, fill: Omit<Span, 'text'> = {}): Line {
  const cut = cutTo(line, width)
  const missing = width - widthOf(cut)
  return missing === 0 ? cut : [...cut, { ...fill, text: ' '.repeat(missing) }]
}

/** A line of at most `width` columns. */
export function cutTo(line: Line, width: number): Line {
  if (widthOf(line) <= width) return line
  const kept: Span[] = []
  let left = width - 1
  for (const span of line) {
    const text = headOf(span.text, left)
    left -= columnsOf(text)
    if (text !== '') kept.push({ ...span, text })
    if (text.length < span.text.length) {
      if (width > 0) kept.push({ ...span, text: '…' })
      return kept
    }
  }
  return kept
}

/** What of a text fits into so many columns. */
function headOf(text: string, columns: number): string {
  if (columns <= 0) return ''
  if (isPlain(text)) return text.slice(0, columns)
  let head = ''
  let left = columns
  for (const cluster of clustersOf(text)) {
    if (cluster.columns > left) break
    head += cluster.text
    left -= cluster.columns
  }
  return head
}

/** A text shortened in its middle to at most `width` columns: names that differ at their ends stay apart. */
export function shorten(text: string, width: number): string {
  if (columnsOf(text) <= width) return text
  if (width <= 1) return headOf('…', width)
  const tail = lettersOf(text).slice(-Math.floor((width - 1) / 2)).join('')
  const rest = width - 1 - Math.min(columnsOf(tail), width - 1)
  return width < 4 ? `${headOf(text, width - 1)}…` : `${headOf(text, rest)}…${tail}`
}

/** A text on the left and one on the right; the right one goes first where there is no room for both. */
export function spread(left: Line, right: Line, width: number): Line {
  const room = width - widthOf(left)
  const kept = cutTo(right, Math.max(0, room - 1))
  return fit([...fit(left, width - widthOf(kept)), ...kept], width)
}

/** The text of a line, without how it looks. */
export function textOf(line: Line): string {
  return line.map(({ text }) => text).join('')
}
