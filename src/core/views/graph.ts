import { buildGraph } from '../graph.ts'
import { oneLine } from '../sanitize.ts'
import type { TaskSpec } from '../task.ts'

/** A task in the drawing of a plan: its layer is the length of the longest path that leads to it. */
export type GraphNode = { id: string; title: string; type?: string; layer: number; critical: boolean; depends_on: string[] }

export const GRAPH_FORMATS = ['text', 'mermaid', 'dot', 'json'] as const
export type GraphFormat = (typeof GRAPH_FORMATS)[number]

/** The nodes of a plan whose graph is sound, dependencies first. */
export function graphNodes(tasks: readonly TaskSpec[]): GraphNode[] {
  // A dependency that is not among the tasks was met by an earlier run.
  const graph = buildGraph(tasks, () => true)
  if ('problems' in graph) throw new Error('bug: the graph of a plan is drawn before it was validated')
  const layers = new Map<string, number>()
  for (const { id, depends_on } of graph.order) layers.set(id, 1 + Math.max(0, ...depends_on.map((other) => layers.get(other) ?? 0)))
  let longest = 0
  for (const rank of graph.ranks.values()) longest = Math.max(longest, rank)
  return graph.order.map(({ id, title, type, depends_on }) => {
    const layer = layers.get(id) ?? 1
    const critical = layer + (graph.ranks.get(id) ?? 1) - 1 === longest
    return { id, title, ...(type === undefined ? {} : { type }), layer, critical, depends_on }
  })
}

/** A plan's graph in one of the formats. */
export function drawGraph(nodes: readonly GraphNode[], format: GraphFormat): string {
  switch (format) {
    case 'text':
      return drawLayers(nodes)
    case 'mermaid':
      return drawMermaid(nodes)
    case 'dot':
      return drawDot(nodes)
    case 'json':
      return JSON.stringify({ tasks: nodes }, null, 2)
  }
}

/** Layer under layer; `*` marks the critical path, the longest chain, which decides when the plan can end. */
function drawLayers(nodes: readonly GraphNode[]): string {
  const width = Math.max(0, ...nodes.map(({ id }) => id.length))
  const lines: string[] = []
  let layer = 0
  for (const node of nodes.toSorted((a, b) => a.layer - b.layer)) {
    if (node.layer !== layer) {
      layer = node.layer
      if (layer > 1) lines.push('      │')
    }
    const after = node.depends_on.length === 0 ? '' : `  ← ${node.depends_on.join(', ')}`
    const isFirst = lines.length === 0 || lines.at(-1) === '      │'
    lines.push(`${isFirst ? String(layer).padStart(3) : '   '} ${node.critical ? '*' : ' '} ${node.id.padEnd(after === '' ? 0 : width)}${after}`)
  }
  return lines.join('\n')
}

function drawMermaid(nodes: readonly GraphNode[]): string {
  const names = new Map(nodes.map(({ id }, index) => [id, `t${index}`]))
  return [
    'flowchart LR',
    ...nodes.map(({ id, title }) => `  ${names.get(id)}["${oneLine(title === id ? id : `${id}: ${title}`, 200).replaceAll('"', '#quot;')}"]`),
    ...nodes.flatMap(({ id, depends_on }) => depends_on.map((other) => `  ${names.get(other)} --> ${names.get(id)}`)),
  ].join('\n')
}

function drawDot(nodes: readonly GraphNode[]): string {
  return [
    'digraph plan {',
    '  rankdir=LR',
    ...nodes.map(({ id, critical }) => `  ${JSON.stringify(id)}${critical ? ' [penwidth=2]' : ''}`),
    ...nodes.flatMap(({ id, depends_on }) => depends_on.map((other) => `  ${JSON.stringify(other)} -> ${JSON.stringify(id)}`)),
    '}',
  ].join('\n')
}
