import type { Line } from '../../core/views/line.ts'
import { columnsOf } from './columns.ts'
import { cutTo, fit, widthOf } from './fit.ts'

/** One column of a table. */
export type TableColumn = {
  name: string
  align?: 'right'
  /** Where there is no room for all, the column that can be missed most easily goes first; one without this stays. */
  spare?: number
  /** Gives way to the others, down to this many columns of the terminal. */
  least?: number
}

/** Which of its columns a table shows, and how wide each of them is. */
export type ShownColumn = TableColumn & { index: number; width: number }

/** Columns of the terminal between two columns. */
const TABLE_GAP = 2

/**
 * What of a table fits into so many columns of the terminal: columns that hold nothing are left out, those that can
 * be missed go one by one, and then the long ones are cut.
 */
export function shownColumns(columns: readonly TableColumn[], rows: readonly (readonly Line[])[], room: number): ShownColumn[] {
  const wanted = columns.map((column, index): ShownColumn => {
    const cells = rows.map((row) => widthOf(row[index] ?? []))
    return { ...column, index, width: cells.every((width) => width === 0) ? 0 : Math.max(columnsOf(column.name), ...cells) }
  })
  let shown = wanted.filter(({ width }) => width > 0)
  while (leastOf(shown) > room) {
    const spare = Math.max(...shown.map((column) => column.spare ?? 0))
    if (spare === 0) break
    shown = shown.filter((column) => column.spare !== spare)
  }
  for (let missing = totalOf(shown) - room; missing > 0; missing--) {
    const givers = shown.filter((column) => column.width > leastWidth(column))
    const widest = givers.find(({ width }) => width === Math.max(...givers.map((column) => column.width)))
    if (widest === undefined) break
    shown = shown.map((column) => (column === widest ? { ...column, width: column.width - 1 } : column))
  }
  return shown
}

const leastWidth = ({ width, least = width }: ShownColumn) => Math.min(width, least)
const totalOf = (shown: readonly ShownColumn[]) => shown.reduce((sum, { width }) => sum + width + TABLE_GAP, -TABLE_GAP)
const leastOf = (shown: readonly ShownColumn[]) => shown.reduce((sum, column) => sum + leastWidth(column) + TABLE_GAP, -TABLE_GAP)

/** A cell as wide as its column, and the gap behind it. */
export function cellLine(line: Line, { width, align }: ShownColumn, isLast: boolean): Line {
  const cut = cutTo(line, width)
  const room = isLast ? width : width + TABLE_GAP
  return align === 'right' ? fit([{ text: ' '.repeat(width - widthOf(cut)) }, ...cut], room) : fit(cut, room)
}
