import { layoutGraph } from '../../src/core/drawing/layout.ts'
import { criticalPath } from '../../src/core/drawing/critical-path.ts'
import { planOf } from '../plans.ts'
import { median } from '../spread.ts'

const TASKS = 2_000
const ROUNDS = 5

/** Lays out a whole graph of many tasks, in 40 layers with three dependencies each. */
export function layOutTimes(): { tasks: number; layOut_ms: number } {
  const nodes = planOf('layers', TASKS, 40).tasks.map(({ id, depends_on }) => ({ id, depends_on, width: 18 }))
  const times = Array.from({ length: ROUNDS }, () => {
    const begun = performance.now()
    layoutGraph(nodes, criticalPath(nodes))
    return performance.now() - begun
  })
  return { tasks: TASKS, layOut_ms: median(times) }
}
