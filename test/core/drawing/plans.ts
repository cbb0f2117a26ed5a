import fc from 'fast-check'
import type { DrawnNode } from '../../../src/core/drawing/vertices.ts'

export const node = (id: string, ...depends_on: string[]): DrawnNode => ({ id, width: id.length, depends_on })

/** What a drawing should say: `from → to` for every dependency, sorted. */
export function edgesOf(nodes: readonly DrawnNode[]): string[] {
  return nodes.flatMap(({ id, depends_on }) => [...new Set(depends_on)].map((other) => `${other} → ${id}`)).sort()
}

export const DIAMOND = [node('architect'), node('builder', 'architect'), node('docs', 'architect'), node('schema', 'architect'), node('qa', 'builder', 'docs', 'schema'), node('release', 'qa')]

/** Plans in which any task may depend on any that comes before it; from few dependencies to most of the possible ones. */
export const anyPlan = fc
  .tuple(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 2, max: 60 }))
  .chain(([count, density]) => dice((count * (count - 1)) / 2, 99).map((thrown) => planOf(count, density, thrown)))

function planOf(count: number, density: number, thrown: readonly number[]): DrawnNode[] {
  let at = 0
  return Array.from({ length: count }, (_, i) => {
    const before = Array.from({ length: i }, (_, j) => `t${j}`)
    return node(`t${i}`, ...before.filter(() => (thrown[at++] ?? 99) < density))
  })
}

/** Layers of tasks; lines lead from one to the next only. */
export const anyLayers = fc
  .tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 2, max: 8 }))
  .chain(([count, size]) => dice(count * size * size, 1).map((thrown) => layersOf(count, size, (index) => thrown[index] === 1)))

/** @param leads whether the line with this number is there */
function layersOf(count: number, size: number, leads: (index: number) => boolean): DrawnNode[] {
  const ids = (layer: number) => Array.from({ length: size }, (_, i) => `t${layer}.${i}`)
  return Array.from({ length: count }, (_, layer) =>
    ids(layer).map((id, i) => node(id, ...(layer === 0 ? [] : ids(layer - 1).filter((_, j) => leads((layer * size + i) * size + j))))),
  ).flat()
}

function dice(count: number, max: number) {
  return fc.array(fc.integer({ min: 0, max }), { minLength: count, maxLength: count })
}
