import { hanging, out } from './terminal.ts'

/** Cells of a row, and the sign before them, painted. */
type Row = { sign?: string; cells: readonly string[] }

/** Columns that a line which goes on below stands further in than the row it belongs to. */
const HANGING = 2

/**
 * Says rows with their columns lined up. The last cell is a text of any length: on a terminal it goes on below the
 * first cell.
 * @param indent columns before the sign
 */
export function outRows(rows: readonly Row[], indent: number): void {
  const widths: number[] = []
  for (const { cells } of rows) cells.slice(0, -1).forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)))
  for (const { sign, cells } of rows) {
    const lead = `${' '.repeat(indent)}${sign === undefined ? '' : `${sign} `}`
    const before = cells.slice(0, -1).map((cell, index) => `${cell.padEnd(widths[index] ?? 0)}  `)
    const line = hanging(process.stdout, lead + before.join(''), cells.at(-1) ?? '', indent + (sign === undefined ? 0 : 2) + HANGING)
    out(line.trimEnd())
  }
}
