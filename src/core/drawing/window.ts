import { firstWhere } from '../bisect.ts'
import type { Line, Span, Style } from '../views/line.ts'
import { BOX_SIGNS, isHeavy } from './box-signs.ts'
import type { Layout, Place } from './layout.ts'

/** A part of a layout: as many columns and rows from a cell on. */
export type Window = { x: number; y: number; width: number; height: number }

/** What is written on a node: one column of `sign`, or two, and as much of `text` as there is room for. */
export type NodeLabel = { sign: Line; text: Line }

/** Draws what a window shows of a layout; it costs what is shown, however large the graph is. */
export function drawWindow(layout: Layout, window: Window, labelOf: (id: string) => NodeLabel): Line[] {
  const lines: Line[] = []
  for (let row = window.y; row < Math.min(window.y + window.height, layout.sheet.height); row++) lines.push(drawRow(layout, row, window, labelOf))
  return lines
}

type Cell = { sign: string; style?: Style | undefined; selected?: boolean | undefined }

const EMPTY: Cell = { sign: ' ' }

function drawRow({ sheet, rows }: Layout, row: number, { x: left, width }: Window, labelOf: (id: string) => NodeLabel): Line {
  const right = Math.min(left + width, sheet.width)
  const cells: Cell[] = []
  for (let x = left; x < right; x++) cells.push(lineCell(sheet.cells[row * sheet.width + x] ?? 0))
  const places = rows[row] ?? []
  for (let i = firstFrom(places, left); i < places.length; i++) {
    const place = places[i]
    if (place === undefined || place.sign >= right) break
    const { sign, text } = labelOf(place.id)
    put(cells, place.sign - left - 1, [{ text: ' ' }, ...sign], 3)
    put(cells, place.x - left, text, place.width)
  }
  return joined(cells)
}

function lineCell(cell: number): Cell {
  return cell === 0 ? EMPTY : { sign: BOX_SIGNS[cell] ?? ' ', style: isHeavy(cell) ? 'critical' : 'edge' }
}

/** The first place of a row that reaches to a column. */
function firstFrom(places: readonly Place[], column: number): number {
  return firstWhere(places.length, (index) => {
    const place = places[index]
    return place === undefined || place.x + place.width > column
  })
}

/** Writes a text over what is there, and a space behind it. */
function put(cells: Cell[], at: number, text: Line, width: number): void {
  let x = at
  for (const { text: part, style, selected } of text) {
    for (const sign of part) {
      if (x >= at + width) break
      if (x >= 0 && x < cells.length) cells[x] = { sign, style, selected }
      x++
    }
  }
  if (x >= 0 && x < cells.length) cells[x] = EMPTY
}

/** Cells of one look side by side become one span. */
function joined(cells: readonly Cell[]): Line {
  const spans: Span[] = []
  for (const { sign, style, selected } of cells) {
    const last = spans.at(-1)
    if (last !== undefined && last.style === style && last.selected === selected) last.text += sign
    else spans.push({ text: sign, ...(style === undefined ? {} : { style }), ...(selected === undefined ? {} : { selected }) })
  }
  return spans
}
