import type { Problem } from './problem.ts'
import type { TaskSpec } from './task.ts'

/** What the graph needs of a task. */
export type Node = Pick<TaskSpec, 'id' | 'depends_on' | 'file' | 'line'>

/** Nodes in an order in which every one stands after what it depends on, and their ranks. */
export type Graph<Of extends Node> = {
  /** Dependencies first; among equals the order in which they were given. */
  order: Of[]
  /** Tasks on the longest path from a task to an end of the graph, itself included. */
  ranks: Map<string, number>
}

/**
 * Builds the graph of `nodes`. Dependencies may also be met by `known` ids, which are outside of it.
 * All that is wrong is told at once: duplicate ids, unknown ids, and one cycle with its path.
 */
export function buildGraph<Of extends Node>(nodes: readonly Of[], known: (id: string) => boolean): Graph<Of> | { problems: Problem[] } {
  const problems: Problem[] = []
  const places = placesOf(nodes, problems)
  const edges = edgesOf(nodes, (node, id) => {
    const place = places.get(id.toLowerCase())
    if (place !== undefined && nodes[place]?.id === id) return place
    if (!known(id)) problems.push(at(node, `"${node.id}" depends on "${id}", which no task file defines and no earlier run has completed`))
    return undefined
  })
  if (problems.length > 0) return { problems }

  const sorted = sort(edges)
  const order = sorted.flatMap((place) => nodes[place] ?? [])
  if (order.length < nodes.length) return { problems: [describeCycle(nodes, order)] }
  const ranks = rank(sorted, edges)
  return { order, ranks: new Map(nodes.map(({ id }, place) => [id, ranks[place] ?? 1])) }
}

/** Where each node stands, by the small letters of its id: ids name folders, and some file systems do not tell capitals apart. */
function placesOf(nodes: readonly Node[], problems: Problem[]): Map<string, number> {
  const places = new Map<string, number>()
  for (const [place, node] of nodes.entries()) {
    const name = node.id.toLowerCase()
    const twin = nodes[places.get(name) ?? -1]
    if (twin === undefined) places.set(name, place)
    else problems.push(duplicate(node, twin))
  }
  return places
}

/** What each node depends on, by their places: of the node at `place` they stand in `to` from `from[place]` to `from[place + 1]`. A graph of 100,000 tasks is a few arrays of numbers. */
type Edges = { from: Uint32Array; to: Uint32Array }

function edgesOf<Of extends Node>(nodes: readonly Of[], placeOf: (node: Of, id: string) => number | undefined): Edges {
  const from = new Uint32Array(nodes.length + 1)
  const to: number[] = []
  for (const [index, node] of nodes.entries()) {
    const begin = to.length
    for (const id of node.depends_on) {
      const place = placeOf(node, id)
      if (place !== undefined && to.indexOf(place, begin) < 0) to.push(place)
    }
    from[index + 1] = to.length
  }
  return { from, to: Uint32Array.from(to) }
}

/** The same edges, seen from the other end. */
function turnedAround({ from, to }: Edges): Edges {
  const turned: Edges = { from: new Uint32Array(from.length), to: new Uint32Array(to.length) }
  for (const place of to) turned.from[place + 1] = numberAt(turned.from, place + 1) + 1
  for (let place = 1; place < from.length; place++) turned.from[place] = numberAt(turned.from, place) + numberAt(turned.from, place - 1)
  const next = turned.from.slice()
  for (let place = 0; place + 1 < from.length; place++) {
    for (let edge = numberAt(from, place); edge < numberAt(from, place + 1); edge++) {
      const other = numberAt(to, edge)
      const slot = numberAt(next, other)
      turned.to[slot] = place
      next[other] = slot + 1
    }
  }
  return turned
}

/** Kahn's algorithm; what is left out stands on a cycle or behind one. @returns places */
function sort(edges: Edges): number[] {
  const dependents = turnedAround(edges)
  const count = edges.from.length - 1
  const missing = new Uint32Array(count)
  const order: number[] = []
  for (let place = 0; place < count; place++) {
    missing[place] = numberAt(edges.from, place + 1) - numberAt(edges.from, place)
    if (missing[place] === 0) order.push(place)
  }
  // `order` grows while it is walked: it is the queue as well as the result.
  for (const place of order) {
    for (let edge = numberAt(dependents.from, place); edge < numberAt(dependents.from, place + 1); edge++) {
      const dependent = numberAt(dependents.to, edge)
      missing[dependent] = numberAt(missing, dependent) - 1
      if (missing[dependent] === 0) order.push(dependent)
    }
  }
  return order
}

/** @param sorted places, dependencies first @returns ranks, by place */
function rank(sorted: readonly number[], { from, to }: Edges): Uint32Array {
  const ranks = new Uint32Array(from.length - 1).fill(1)
  for (const place of sorted.toReversed()) {
    const behind = numberAt(ranks, place) + 1
    for (let edge = numberAt(from, place); edge < numberAt(from, place + 1); edge++) {
      const other = numberAt(to, edge)
      if (numberAt(ranks, other) < behind) ranks[other] = behind
    }
  }
  return ranks
}

/** A number of an array that holds one there. */
function numberAt(numbers: Uint32Array, index: number): number {
  return numbers[index] ?? 0
}

function duplicate(node: Node, twin: Node): Problem {
  const difference = node.id === twin.id ? '' : ` (as "${twin.id}"; capitals make no difference)`
  return at(node, `the id "${node.id}" is taken by ${twin.file}:${twin.line}${difference}; ids are unique in a run`)
}

function at({ file, line }: Node, message: string): Problem {
  return { file, line, message }
}

/** Follows dependencies among the unsorted nodes until one comes again: that stretch is the cycle. */
function describeCycle<Of extends Node>(nodes: readonly Of[], sorted: readonly Of[]): Problem {
  const byId = new Map(nodes.map((one) => [one.id, one]))
  const done = new Set(sorted.map((node) => node.id))
  const path: Of[] = []
  const seen = new Map<string, number>()
  let node = nodes.find(({ id }) => !done.has(id))
  while (node !== undefined && !seen.has(node.id)) {
    seen.set(node.id, path.length)
    path.push(node)
    const next = node.depends_on.find((id) => byId.has(id) && !done.has(id))
    node = next === undefined ? undefined : byId.get(next)
  }
  if (node === undefined) throw new Error('bug: a graph that cannot be sorted has no cycle')
  const cycle = path.slice(seen.get(node.id))
  const ids = [...cycle, node].map(({ id }) => id).join(' → ')
  const places = cycle.map(({ id, file, line }) => `${id} in ${file}:${line}`).join(', ')
  return at(node, `these tasks depend on each other in a circle: ${ids} (${places}); take one "depends_on" away`)
}
