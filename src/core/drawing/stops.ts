import type { Vertex } from './vertices.ts'

/** A place in a column that lines come to from the left and leave to the right: a task, or a waypoint of longer lines. */
export type Stop = {
  /** Undefined: a waypoint. */
  vertex: Vertex | undefined
  column: number
  height: number
  /** Its place in its column, counted from above. */
  place: number
  /** Where its neighbours would have it, while its column is ordered. */
  wanted: number
  row: number
  /** The stops in the columns before and behind that it is linked with. */
  from: Stop[]
  to: Stop[]
}

/** Nodes that a line has still to reach, the nearest first. Equal rests are one object. */
type Rest = { number: number; next: Vertex; behind: Rest | undefined }

/**
 * The stops of a connected part, column by column. An edge that passes over columns goes by a waypoint in
 * each. Edges whose ways from there on are the same share it, so that lines run together as early as they can.
 */
export function stopsOf(vertices: readonly Vertex[]): Stop[][] {
  const columns: Stop[][] = []
  const stops = new Map<Vertex, Stop>()
  for (const vertex of vertices) stops.set(vertex, newStop(vertex, vertex.column, vertex.height))

  const rests = new Map<string, Rest>()
  const waypoints = new Map<string, Stop>()
  for (const [vertex, start] of stops) {
    let stop = start
    let rest = restOf(vertex, rests)
    while (rest !== undefined) {
      for (; rest !== undefined && rest.next.column === stop.column + 1; rest = rest.behind) link(stop, stops.get(rest.next))
      if (rest === undefined) break
      const key = `${stop.column + 1} ${rest.number}`
      const known = waypoints.get(key)
      const waypoint = known ?? newStop(undefined, stop.column + 1, heightOf(rest))
      link(stop, waypoint)
      // Where others have been, the way is drawn already.
      if (known !== undefined) break
      waypoints.set(key, waypoint)
      stop = waypoint
    }
  }
  placeDepthFirst([...stops.values()], columns)
  return columns
}

function newStop(vertex: Vertex | undefined, column: number, height: number): Stop {
  return { vertex, column, height, place: -1, wanted: 0, row: 0, from: [], to: [] }
}

function link(from: Stop, to: Stop | undefined): void {
  if (to === undefined) throw new Error('bug: a line leads out of its part of the graph')
  from.to.push(to)
  to.from.push(from)
}

function restOf(vertex: Vertex, rests: Map<string, Rest>): Rest | undefined {
  let rest: Rest | undefined
  for (const next of vertex.after.toSorted((a, b) => a.column - b.column).toReversed()) {
    const key = `${rest?.number ?? ''} ${next.id}`
    const known = rests.get(key)
    rest = known ?? { number: rests.size, next, behind: rest }
    if (known === undefined) rests.set(key, rest)
  }
  return rest
}

function heightOf(rest: Rest): number {
  return rest.next.height + 1
}

/** Puts the stops into their columns as a walk along the lines meets them, the longest way first: it becomes the top line. */
function placeDepthFirst(starts: readonly Stop[], columns: Stop[][]): void {
  const byHeight = (a: Stop, b: Stop): number => b.height - a.height
  const seen = new Set<Stop>()
  for (const start of starts.filter(({ from }) => from.length === 0).sort(byHeight)) {
    const waiting = [start]
    for (let stop = waiting.pop(); stop !== undefined; stop = waiting.pop()) {
      if (seen.has(stop)) continue
      seen.add(stop)
      const column = (columns[stop.column] ??= [])
      stop.place = column.length
      column.push(stop)
      for (const next of stop.to.toSorted(byHeight).toReversed()) waiting.push(next)
    }
  }
}
