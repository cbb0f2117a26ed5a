import { createContext, useContext, useMemo, type PropsWithChildren } from 'react'
import type { Line } from '../../core/views/line.ts'
import { MARK_COLUMNS, markOf, selected } from '../lines/mark.ts'
import type { SmallTable } from '../lines/block.ts'
import { cellLine, shownColumns, type ShownColumn } from '../lines/table-columns.ts'
import { windowAround } from '../lines/window.ts'
import { InkTable } from './ink-table.ts'
import { Row } from './row.tsx'

/** More rows than these are not laid out at once: ink-table is slow. */
const MOST_ROWS = 40

type Drawn = { columns: readonly ShownColumn[]; rows: readonly (readonly Line[])[]; chosen: number }
const DrawnContext = createContext<Drawn>({ columns: [], rows: [], chosen: -1 })

/**
 * A small table: a heading and a row for each thing, without rules, as wide as there is room. It is laid out by
 * ink-table, which counts characters: it is handed the number of each row, and the cells are drawn here.
 */
export function Table({ columns, rows, cells, last, at, width, height }: SmallTable & { width: number }) {
  const { from, count } = windowAround(at, rows, Math.min(height - (last === undefined ? 1 : 2), MOST_ROWS))
  const visible = [...Array.from({ length: count }, (_, index) => cells(from + index)), ...(last === undefined ? [] : [last])]
  const shown = shownColumns(columns, visible, width - MARK_COLUMNS)
  const drawn = { columns: shown, rows: visible, chosen: at - from }
  // A page is drawn ten times a second, and its table seldom changes: what is the same is not laid out again.
  return useMemo(() => <DrawnTable drawn={drawn} />, [JSON.stringify(drawn)])
}

function DrawnTable({ drawn }: { drawn: Drawn }) {
  const { columns, rows } = drawn
  if (columns.length === 0) return undefined
  return (
    <DrawnContext value={drawn}>
      <InkTable
        columns={columns.map(({ name }) => name)}
        data={rows.map((_, row) => Object.fromEntries(columns.map(({ name }) => [name, String(row)])))}
        header={Heading}
        cell={Cell}
        skeleton={Nothing}
      />
    </DrawnContext>
  )
}

function Heading({ column }: { column: number }) {
  const { columns } = useContext(DrawnContext)
  const shown = columns[column]
  if (shown === undefined) return undefined
  const lead = column === 0 ? [{ text: ' '.repeat(MARK_COLUMNS) }] : []
  return <Row line={[...lead, ...cellLine([{ text: shown.name, style: 'dim' }], shown, column === columns.length - 1)]} />
}

function Cell({ column, children }: PropsWithChildren<{ column: number }>) {
  const { columns, rows, chosen } = useContext(DrawnContext)
  const row = Number(children)
  const shown = columns[column]
  if (shown === undefined) return undefined
  const isChosen = row === chosen
  const line = cellLine(rows[row]?.[shown.index] ?? [], shown, column === columns.length - 1)
  return <Row line={[...(column === 0 ? [markOf(isChosen)] : []), ...(isChosen ? selected(line) : line)]} />
}

/** Rules would tell nothing that the gaps do not. */
function Nothing() {
  return undefined
}
