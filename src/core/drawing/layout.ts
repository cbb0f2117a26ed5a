import { drawAcross, drawDown, drawHead, emptySheet, stressDown, type Sheet } from './sheet.ts'
import { orderColumns } from './order.ts'
import { assignRows } from './rows.ts'
import { stopsOf, type Stop } from './stops.ts'
import { layTracks, type Bar } from './tracks.ts'
import { trunksOf, type Trunk } from './trunks.ts'
import { connectedParts, readVertices, type DrawnNode, type Vertex } from './vertices.ts'

/** Where a node stands: `width` columns from `x` on are its own. `sign`: where its status is shown. */
export type Place = { id: string; row: number; sign: number; x: number; width: number }

/** A graph with a place for everything: lines on a sheet, labels are put over it. */
export type Layout = {
  sheet: Sheet
  places: ReadonlyMap<string, Place>
  /** The places on each row, from left to right. */
  rows: readonly (readonly Place[])[]
}

/** Between two tracks a column stays free, so that lines beside each other do not seem to touch. */
const TRACK = 2
/** Between two columns of nodes, beside the tracks: a space and a dash on both sides. */
const MARGIN = 4
/** Columns of the sign and the space behind it. */
const SIGN = 2

/**
 * Lays a graph out from left to right, each node behind what it depends on.
 * @param critical nodes of a path that is drawn heavy, in their order
 */
export function layoutGraph(nodes: readonly DrawnNode[], critical: readonly string[] = []): Layout {
  const next = new Map(critical.map((id, index) => [id, critical[index + 1]]))
  const parts = connectedParts(readVertices(nodes)).map((part) => placePart(part))
  const width = Math.max(0, ...parts.map((part) => part.width))
  const height = parts.reduce((sum, part) => sum + part.height, 0)
  const sheet = emptySheet(width, height)
  const places = new Map<string, Place>()
  const rows: Place[][] = Array.from({ length: height }, () => [])
  let top = 0
  for (const part of parts) {
    drawPart(part, top, sheet, next)
    part.columns.forEach((column, index) => {
      for (const { vertex, row } of column) {
        if (vertex === undefined) continue
        const x = part.xs[index] ?? 0
        const place = { id: vertex.id, row: top + row, sign: x, x: x + SIGN, width: vertex.width }
        places.set(vertex.id, place)
        rows[place.row]?.push(place)
      }
    })
    top += part.height
  }
  return { sheet, places, rows }
}

/** A connected part of the graph. `xs`, `widths`: of its columns; channel `i` stands before column `i + 1`. */
type Part = { columns: Stop[][]; channels: Channel[]; xs: number[]; widths: number[]; width: number; height: number }
type Channel = { trunks: Trunk[]; bars: Bar[] }

function placePart(vertices: readonly Vertex[]): Part {
  const columns = stopsOf(vertices)
  orderColumns(columns)
  assignRows(columns)
  const stops = columns.flat()
  const channels: Channel[] = []
  const xs: number[] = []
  const widths = columns.map((column) => column.reduce((most, { vertex }) => Math.max(most, vertex === undefined ? 0 : SIGN + vertex.width), 0))
  let x = 0
  columns.forEach((column, index) => {
    xs.push(x)
    x += widths[index] ?? 0
    if (index === columns.length - 1) return
    const { channel, count } = route(column, stops)
    channels.push(channel)
    x += MARGIN + Math.max(0, count * TRACK - 1)
  })
  const height = 1 + stops.reduce((most, { row }) => Math.max(most, row), 0)
  return { columns, channels, xs, widths, width: x, height }
}

/** The trunks behind a column. Where two lines would have to pass each other on a row, one of them gets a row of its own. */
function route(column: readonly Stop[], stops: readonly Stop[]): { channel: Channel; count: number } {
  for (;;) {
    const trunks = trunksOf(column)
    const laid = layTracks(trunks)
    if (!('crowded' in laid)) return { channel: { trunks, bars: laid.bars }, count: laid.count }
    for (const stop of laid.crowded) {
      const { row } = stop
      for (const other of stops) if (other.row > row) other.row++
      stop.row++
    }
  }
}

function drawPart({ columns, channels, xs, widths }: Part, top: number, sheet: Sheet, next: ReadonlyMap<string, string | undefined>): void {
  const stressed = criticalLinks(columns, next)
  channels.forEach(({ trunks, bars }, index) => {
    const begin = xs[index] ?? 0
    const first = begin + (widths[index] ?? 0) + 2
    const end = xs[index + 1] ?? 0
    const barX = new Map(bars.map(({ trunk, track }) => [trunk, first + track * TRACK]))
    for (const trunk of trunks) {
      const x = barX.get(trunk)
      for (const source of trunk.sources) {
        const heavy = trunk.targets.some((target) => stressed.get(source) === target)
        drawAcross(sheet, top + source.row, begin, x ?? first, heavy)
      }
      for (const target of trunk.targets) {
        const heavy = trunk.sources.some((source) => stressed.get(source) === target)
        drawAcross(sheet, top + target.row, x ?? first, end, heavy)
      }
    }
    for (const { trunk, top: upper, bottom: lower } of bars) {
      const x = barX.get(trunk) ?? 0
      drawDown(sheet, x, top + upper.row, top + lower.row, new Set([...trunk.sources, ...trunk.targets].map(({ row }) => top + row)))
      if (trunk.kind === 'link') for (const target of trunk.targets) drawHead(sheet, x, top + target.row, target === upper ? 'up' : 'down')
      for (const source of trunk.sources) {
        const target = stressed.get(source)
        if (target !== undefined && trunk.targets.includes(target)) stressDown(sheet, x, top + Math.min(source.row, target.row), top + Math.max(source.row, target.row))
      }
    }
  })
}

/** The links that the critical path takes. */
function criticalLinks(columns: readonly (readonly Stop[])[], next: ReadonlyMap<string, string | undefined>): Map<Stop, Stop> {
  const links = new Map<Stop, Stop>()
  for (const column of columns) {
    for (const stop of column) {
      const goal = stop.vertex === undefined ? undefined : next.get(stop.vertex.id)
      if (goal !== undefined) stressWay(stop, goal, links)
    }
  }
  return links
}

/** Marks the way from a stop to a node that waypoints lead to. */
function stressWay(stop: Stop, goal: string, links: Map<Stop, Stop>): boolean {
  for (const target of stop.to) {
    if (target.vertex?.id !== goal && (target.vertex !== undefined || !stressWay(target, goal, links))) continue
    links.set(stop, target)
    return true
  }
  return false
}
