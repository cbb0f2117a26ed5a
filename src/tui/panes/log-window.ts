import type { LogLine, LogText } from '../../app/log-reader.ts'
import type { Line } from '../../core/views/line.ts'
import { clamp } from '../layout.ts'

/** A row of a log: where it is, and how it looks. */
export type LogRow = { line: LogLine; row: number; look: Line }
/** Where a window begins. */
export type Top = { line: number; row: number }
/** A line as the rows that it takes: one at least. */
export type Lay = (line: LogLine) => readonly Line[]

/** The rows from a place on, as many as the window has; those at the end where fewer would be left. */
export function rowsFrom(text: LogText, top: Top, height: number, lay: Lay): LogRow[] {
  const rows = rowsAfter(text, top, height, lay)
  return rows.length < height ? lastRows(text, height, lay) : rows
}

/** The rows at the end of a log. */
export function lastRows(text: LogText, height: number, lay: Lay): LogRow[] {
  return rowsBefore(text, { line: text.end, row: 0 }, height, lay)
}

/** Where a window begins after it was moved by so many rows, down or up; not beyond the beginning or the end. */
export function movedTop(text: LogText, top: Top, by: number, height: number, lay: Lay): Top {
  const wanted = by < 0 ? (rowsBefore(text, top, -by, lay)[0] ?? rowsAfter(text, top, 1, lay)[0]) : rowsAfter(text, top, by + 1, lay).at(-1)
  return topOf(rowsFrom(text, wanted === undefined ? top : placeOf(wanted), height, lay))
}

/** Where a window of these rows begins. */
export function topOf([first]: readonly LogRow[]): Top {
  return first === undefined ? { line: 0, row: 0 } : placeOf(first)
}

const placeOf = ({ line, row }: LogRow): Top => ({ line: line.from, row })

function rowsAfter(text: LogText, top: Top, count: number, lay: Lay): LogRow[] {
  const rows: LogRow[] = []
  let line = text.lineAt(top.line)
  // A window that became wider or narrower breaks its lines at other places.
  let skip = line === undefined ? 0 : clamp(top.row, 0, lay(line).length - 1)
  for (; line !== undefined && rows.length < count; line = text.lineAt(line.to)) {
    rows.push(...rowsOf(line, lay).slice(skip, skip + count - rows.length))
    skip = 0
  }
  return rows
}

function rowsBefore(text: LogText, top: Top, count: number, lay: Lay): LogRow[] {
  const within = text.lineAt(top.line)
  let rows = within === undefined ? [] : rowsOf(within, lay).slice(0, top.row).slice(-count)
  for (let line = text.lineAt((within?.from ?? text.end) - 1); line !== undefined && rows.length < count; line = text.lineAt(line.from - 1)) {
    rows = [...rowsOf(line, lay).slice(rows.length - count), ...rows]
  }
  return rows
}

function rowsOf(line: LogLine, lay: Lay): LogRow[] {
  return lay(line).map((look, row) => ({ line, row, look }))
}
