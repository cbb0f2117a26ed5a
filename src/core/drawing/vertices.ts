/** A node to be drawn. `width`: columns that are kept free for its label. */
export type DrawnNode = { id: string; width: number; depends_on: readonly string[] }

/** A node among its neighbours. */
export type Vertex = {
  id: string
  width: number
  before: Vertex[]
  after: Vertex[]
  /** Where it stands from left to right. */
  column: number
  /** Steps on the longest way from it to an end of the graph. */
  height: number
}

/** The nodes as they hang together, each after what it depends on. Ids that are not among them are left out. */
export function readVertices(nodes: readonly DrawnNode[]): Vertex[] {
  const byId = new Map<string, Vertex>()
  for (const { id, width } of nodes) byId.set(id, { id, width, before: [], after: [], column: 0, height: 0 })
  for (const { id, depends_on } of nodes) {
    const vertex = byId.get(id)
    for (const other of new Set(depends_on)) {
      const before = byId.get(other)
      if (vertex === undefined || before === undefined) continue
      vertex.before.push(before)
      before.after.push(vertex)
    }
  }
  const order = sort([...byId.values()])
  for (const vertex of order) for (const { column } of vertex.before) vertex.column = Math.max(vertex.column, column + 1)
  for (const vertex of order.toReversed()) {
    for (const { height } of vertex.after) vertex.height = Math.max(vertex.height, height + 1)
    moveToItsDependents(vertex)
  }
  return order
}

/** The sets of vertices that lines connect, in the order of their first members. */
export function connectedParts(vertices: readonly Vertex[]): Vertex[][] {
  const part = new Map<Vertex, number>()
  let count = 0
  for (const start of vertices) {
    if (part.has(start)) continue
    const found = [start]
    part.set(start, count)
    for (const vertex of found) {
      for (const next of [...vertex.before, ...vertex.after]) {
        if (part.has(next)) continue
        part.set(next, count)
        found.push(next)
      }
    }
    count++
  }
  const parts = Array.from({ length: count }, (): Vertex[] => [])
  for (const vertex of vertices) parts[part.get(vertex) ?? 0]?.push(vertex)
  return parts
}

/** Kahn's algorithm: `order` grows while it is walked. */
function sort(vertices: readonly Vertex[]): Vertex[] {
  const missing = new Map(vertices.map((vertex) => [vertex, vertex.before.length]))
  const order = vertices.filter(({ before }) => before.length === 0)
  for (const vertex of order) {
    for (const next of vertex.after) {
      const left = (missing.get(next) ?? 0) - 1
      missing.set(next, left)
      if (left === 0) order.push(next)
    }
  }
  if (order.length < vertices.length) throw new Error('bug: a graph with a cycle cannot be drawn from left to right')
  return order
}

/** What more lines leave than reach stands beside the first of its dependents: the lines get shorter. */
function moveToItsDependents(vertex: Vertex): void {
  if (vertex.after.length <= vertex.before.length) return
  let nearest = Infinity
  for (const { column } of vertex.after) nearest = Math.min(nearest, column)
  vertex.column = nearest - 1
}
