import { layoutGraph } from '../src/core/drawing/layout.ts'
import { readVertices, type DrawnNode } from '../src/core/drawing/vertices.ts'
import { drawWindow } from '../src/core/drawing/window.ts'

/** Plans that are drawn in different ways: each task depends on up to two of the sixty before it; layers; one that all others depend on. */
export const GRAPHS: Readonly<Record<string, (count: number) => DrawnNode[]>> = {
  scattered: (count) => {
    const next = chance()
    return nodes(count, (i) => Array.from({ length: next(3) }, () => i - 1 - next(60)))
  },
  layers: (count) => {
    const next = chance()
    return nodes(count, (i) => Array.from({ length: 3 }, () => (Math.floor(i / 100) - 1) * 100 + next(100)))
  },
  fan: (count) => nodes(count, (i) => (i === count - 1 ? Array.from({ length: i - 1 }, (_, j) => j + 1) : [i === 0 ? -1 : 0])),
}

/** @returns ms: of a layout; of a window on it; of the floor, which is to put the tasks behind what they depend on */
export function graphLayout(graph: readonly DrawnNode[]): { layout: number; window: number; floor: number } {
  const floor = timed(() => readVertices(graph))
  const layout = timed(() => layoutGraph(graph))
  const label = { sign: [{ text: '●' }], text: [{ text: 'task' }] }
  const window = timed(() => drawWindow(layout.result, { x: 0, y: 0, width: 120, height: 40 }, () => label))
  return { layout: layout.ms, window: window.ms, floor: floor.ms }
}

function nodes(count: number, before: (i: number) => readonly number[]): DrawnNode[] {
  return Array.from({ length: count }, (_, i) => ({ id: `t${i}`, width: 24, depends_on: before(i).filter((j) => j >= 0).map((j) => `t${j}`) }))
}

function timed<Result>(work: () => Result): { result: Result; ms: number } {
  const begun = performance.now()
  const result = work()
  return { result, ms: performance.now() - begun }
}

/** The same numbers every time. */
function chance(): (below: number) => number {
  let seed = 1
  return (below) => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % below
  }
}
