import { DOWN, ENDS_LEFTWARDS, ENDS_RIGHTWARDS, LEFT, RIGHT, UP } from './box-signs.ts'
import type { Layout, Place } from './layout.ts'
import { emptySheet } from './sheet.ts'
import { readVertices, type DrawnNode, type Vertex } from './vertices.ts'

/** Columns of a lane: one for its line, one free. */
const LANE = 2

/** A row of the drawing, cell by cell, and the node that stands in it. */
type Row = { cells: number[]; node?: { vertex: Vertex; lane: number } }

/** The node that each lane leads to. */
type Lanes = (Vertex | undefined)[]

/**
 * The graph from top to bottom, for screens that are narrow: a row for each node, and beside it a lane for each node that
 * is still to come and that something above leads to. Lines lead down, and sideways to a corner or an arrow head.
 */
export function laneRows(nodes: readonly DrawnNode[]): Layout {
  const rows: Row[] = []
  const lanes: Lanes = []
  for (const vertex of depthFirst(readVertices(nodes))) {
    const lane = laneOf(vertex, lanes)
    // A node right below another one would seem to depend on it.
    if (lanes[lane] !== vertex && rows.at(-1)?.node?.lane === lane) rows.push({ cells: passing(lanes) })
    lanes[lane] = undefined
    rows.push({ cells: passing(lanes), node: { vertex, lane } })
    rows.push(...joins(vertex, lane, lanes), ...branches(vertex, lane, lanes))
    while (lanes.length > 0 && lanes.at(-1) === undefined) lanes.pop()
  }
  return layoutOf(rows)
}

/** Where a node stands: at the end of its lane, or in a free one. */
function laneOf(vertex: Vertex, lanes: readonly (Vertex | undefined)[]): number {
  const own = lanes.indexOf(vertex)
  if (own >= 0) return own
  const free = lanes.indexOf(undefined)
  return free < 0 ? lanes.length : free
}

function passing(lanes: Lanes): number[] {
  return Array.from(lanes).flatMap((vertex) => [vertex === undefined ? 0 : UP | DOWN, 0])
}

/** Rows with arrows into lanes that others use already: one to each side, so that none seems to go on from another. */
function joins({ after }: Vertex, lane: number, lanes: Lanes): Row[] {
  const joined = after.map((next) => lanes.indexOf(next)).filter((other) => other >= 0)
  const toLeft = joined.filter((other) => other < lane).sort((a, b) => b - a)
  const toRight = joined.filter((other) => other > lane).sort((a, b) => a - b)
  const count = Math.max(toLeft.length, toRight.length)
  return Array.from({ length: count }, (_, index) => {
    const left = toLeft[index]
    const right = toRight[index]
    const cells = passing(lanes)
    const goesOn = index < count - 1 || joined.length < after.length
    put(cells, lane * LANE, UP | (goesOn ? DOWN : 0) | (left === undefined ? 0 : LEFT) | (right === undefined ? 0 : RIGHT))
    if (left !== undefined) {
      across(cells, left * LANE + 2, lane * LANE)
      put(cells, left * LANE + 1, RIGHT | ENDS_LEFTWARDS)
    }
    if (right !== undefined) {
      across(cells, lane * LANE + 1, right * LANE - 1)
      put(cells, right * LANE - 1, LEFT | ENDS_RIGHTWARDS)
    }
    return { cells }
  })
}

/** The row in which the lanes begin that nothing has led to before; the first of them goes on below the node itself. */
function branches({ after }: Vertex, lane: number, lanes: Lanes): Row[] {
  const [main, ...others] = after.filter((next) => !lanes.includes(next))
  lanes[lane] = main
  if (others.length === 0) return []
  const cells = passing(lanes)
  for (const next of others) {
    const free = lanes.findIndex((used, index) => used === undefined && index > lane)
    const own = free < 0 ? lanes.length : free
    lanes[own] = next
    across(cells, lane * LANE + 1, own * LANE)
    put(cells, lane * LANE, RIGHT)
    put(cells, own * LANE, LEFT | DOWN)
  }
  return [{ cells }]
}

/** A horizontal line from a cell to the one before another: below the lanes that it crosses, and on from those that begin here. */
function across(cells: number[], from: number, to: number): void {
  for (let x = from; x < to; x++) {
    const cell = cells[x] ?? 0
    if (cell === 0) cells[x] = LEFT | RIGHT
    else if (cell === (LEFT | DOWN)) cells[x] = LEFT | DOWN | RIGHT
  }
}

function put(cells: number[], x: number, directions: number): void {
  cells[x] = (cells[x] ?? 0) | directions
}

/** Depth first, so that what hangs together stands together: each node behind all that it depends on. */
function depthFirst(vertices: readonly Vertex[]): Vertex[] {
  const missing = new Map(vertices.map((vertex) => [vertex, vertex.before.length]))
  const waiting = vertices.filter(({ before }) => before.length === 0).toReversed()
  const order: Vertex[] = []
  for (let vertex = waiting.pop(); vertex !== undefined; vertex = waiting.pop()) {
    order.push(vertex)
    for (const next of vertex.after.toReversed()) {
      const left = (missing.get(next) ?? 0) - 1
      missing.set(next, left)
      if (left === 0) waiting.push(next)
    }
  }
  return order
}

function layoutOf(rows: readonly Row[]): Layout {
  let text = 0
  let label = 0
  for (const { cells, node } of rows) {
    text = Math.max(text, cells.length, ((node?.lane ?? 0) + 1) * LANE)
    label = Math.max(label, node?.vertex.width ?? 0)
  }
  const sheet = emptySheet(text + label, rows.length)
  const places = new Map<string, Place>()
  const placed = rows.map(({ cells, node }, row): Place[] => {
    cells.forEach((cell, x) => (sheet.cells[row * sheet.width + x] = cell))
    if (node === undefined) return []
    const { vertex, lane } = node
    const place = { id: vertex.id, row, sign: lane * LANE, x: text, width: vertex.width }
    places.set(vertex.id, place)
    return [place]
  })
  return { sheet, places, rows: placed }
}
