import type { Line, Span } from '../../core/views/line.ts'
import { clustersOf, isPlain } from './columns.ts'
import { textOf } from './fit.ts'

/** A line as rows of at most `width` columns, broken between words where that leaves no row half empty. */
export function wrap(line: Line, width: number): Line[] {
  const text = textOf(line)
  const rows: Line[] = []
  let from = 0
  for (const end of breaksOf(text, Math.max(1, width))) {
    // The space at which it is broken stands at the end of a row, or nowhere.
    rows.push(slice(line, from, text[end - 1] === ' ' ? end - 1 : end))
    from = end
  }
  return [...rows, slice(line, from, text.length)]
}

/** Where the second row begins, and each after it. */
function breaksOf(text: string, width: number): number[] {
  return isPlain(text) ? breaksOfPlain(text, width) : breaksOfWide(text, width)
}

function breaksOfPlain(text: string, width: number): number[] {
  const breaks: number[] = []
  for (let from = 0; text.length - from > width; ) {
    from = atWord(text, from, from + width)
    breaks.push(from)
  }
  return breaks
}

function breaksOfWide(text: string, width: number): number[] {
  const breaks: number[] = []
  let from = 0
  let columns = 0
  let at = 0
  for (const cluster of clustersOf(text)) {
    const start = text.indexOf(cluster.text, at)
    at = start + cluster.text.length
    if (columns + cluster.columns > width && start > from) {
      const end = atWord(text, from, start)
      columns = columnsBetween(text, end, start)
      from = end
      breaks.push(end)
      // The space at which it is broken takes no room in either row.
      if (end > start) continue
    }
    columns += cluster.columns
  }
  return breaks
}

function columnsBetween(text: string, from: number, to: number): number {
  let columns = 0
  for (const cluster of clustersOf(text.slice(from, to))) columns += cluster.columns
  return columns
}

/** The row that would end at `end`, ended behind its last word instead, if that is in its second half. */
function atWord(text: string, from: number, end: number): number {
  if (text[end] === ' ') return end + 1
  // Only the row is searched: a line without a space may be a megabyte long.
  const space = from + text.slice(from, end).lastIndexOf(' ')
  return space > from + (end - from) / 2 ? space + 1 : end
}

/** The characters of a line from one place to another. */
function slice(line: Line, from: number, to: number): Line {
  const kept: Span[] = []
  let at = 0
  for (const span of line) {
    const text = span.text.slice(Math.max(0, from - at), Math.max(0, to - at))
    if (text !== '') kept.push({ ...span, text })
    at += span.text.length
  }
  return kept
}
