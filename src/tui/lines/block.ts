import type { Line } from '../../core/views/line.ts'
import type { TableColumn } from './table-columns.ts'

/** A small table, as wide as there is room. */
export type SmallTable = {
  columns: readonly TableColumn[]
  /** How many rows there are, and the cells of the one at an index: only those that are seen are made. */
  rows: number
  cells: (index: number) => readonly Line[]
  /** A row that stays below them, such as their sum. */
  last?: readonly Line[]
  /** The row that is chosen. */
  at: number
  /** Rows that there are for it, the heading included. */
  height: number
}

/** A piece of a page. Pages are made of these, so that they need nothing of what lays them out. */
export type Block = { lines: readonly Line[] } | { table: SmallTable }
