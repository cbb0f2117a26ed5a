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
  const byId = new Map<string, Of>()
  const problems: Problem[] = []
  const folders = new Map<string, Of>()
  for (const node of nodes) {
    // Ids name folders, and some file systems do not tell capitals from small letters.
    const twin = folders.get(node.id.toLowerCase())
    if (twin === undefined) folders.set(node.id.toLowerCase(), node)
    else problems.push(duplicate(node, twin))
    byId.set(node.id, node)
  }
  for (const node of nodes) {
    for (const id of node.depends_on) {
      if (!byId.has(id) && !known(id)) problems.push(at(node, `"${node.id}" depends on "${id}", which no task file defines and no earlier run has completed`))
    }
  }
  if (problems.length > 0) return { problems }

  const order = sort(nodes, byId)
  if (order.length < nodes.length) return { problems: [describeCycle(nodes, byId, order)] }
  return { order, ranks: rank(order) }
}

function duplicate(node: Node, twin: Node): Problem {
  const difference = node.id === twin.id ? '' : ` (as "${twin.id}"; capitals make no difference)`
  return at(node, `the id "${node.id}" is taken by ${twin.file}:${twin.line}${difference}; ids are unique in a run`)
}

function at({ file, line }: Node, message: string): Problem {
  return { file, line, message }
}

/** Kahn's algorithm; what is left out stands on a cycle or behind one. */
function sort<Of extends Node>(nodes: readonly Of[], byId: ReadonlyMap<string, Of>): Of[] {
  const missing = new Map<string, number>()
  const dependents = new Map<string, Of[]>()
  const order: Of[] = []
  for (const node of nodes) {
    const inside = new Set(node.depends_on.filter((id) => byId.has(id)))
    missing.set(node.id, inside.size)
    if (inside.size === 0) order.push(node)
    for (const id of inside) {
      const list = dependents.get(id)
      if (list === undefined) dependents.set(id, [node])
      else list.push(node)
    }
  }
  // `order` grows while it is walked: it is the queue as well as the result.
  for (const node of order) {
    for (const dependent of dependents.get(node.id) ?? []) {
      const left = (missing.get(dependent.id) ?? 0) - 1
      missing.set(dependent.id, left)
      if (left === 0) order.push(dependent)
    }
  }
  return order
}

function rank(order: readonly Node[]): Map<string, number> {
  const ranks = new Map<string, number>(order.map((node) => [node.id, 1]))
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i]
    if (node === undefined) continue
    const behind = (ranks.get(node.id) ?? 1) + 1
    for (const id of node.depends_on) {
      const own = ranks.get(id)
      if (own !== undefined && own < behind) ranks.set(id, behind)
    }
  }
  return ranks
}

/** Follows dependencies among the unsorted nodes until one comes again: that stretch is the cycle. */
function describeCycle<Of extends Node>(nodes: readonly Of[], byId: ReadonlyMap<string, Of>, sorted: readonly Of[]): Problem {
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
