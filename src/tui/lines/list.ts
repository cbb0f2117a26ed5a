import type { Line } from '../../core/views/line.ts'
import type { Size } from '../layout.ts'
import { fit } from './fit.ts'
import { MARK_COLUMNS, markOf, selected } from './mark.ts'
import { cellLine, shownColumns, type TableColumn } from './table-columns.ts'
import { windowAround } from './window.ts'

/**
 * A long list with its heading, as lines: only rows that are seen are made.
 * @param cells of the row at an index
 * @param at the chosen row
 */
export function listLines(columns: readonly TableColumn[], total: number, cells: (index: number) => readonly Line[], at: number, room: Size): Line[] {
  const { from, count } = windowAround(at, total, room.height - 1)
  const rows = Array.from({ length: count }, (_, index) => cells(from + index))
  const shown = shownColumns(columns, rows, room.width - MARK_COLUMNS)
  const last = shown.length - 1
  const heading = shown.flatMap((column, index) => cellLine([{ text: column.name, style: 'dim' }], column, index === last))
  return [
    [{ text: ' '.repeat(MARK_COLUMNS) }, ...heading],
    ...rows.map((row, index): Line => {
      const isChosen = from + index === at
      const line = fit(shown.flatMap((column, place) => cellLine(row[column.index] ?? [], column, place === last)), Math.max(0, room.width - MARK_COLUMNS))
      return [markOf(isChosen), ...(isChosen ? selected(line) : line)]
    }),
  ]
}
