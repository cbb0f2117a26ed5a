import type { Plan } from '../src/core/plan.ts'
import { task } from '../test/core/specs.ts'
import { seededRandom } from '../test/random.ts'

/**
 * A plan in layers: every task depends on three of the layer before it, chosen by a fixed pseudo-random
 * sequence, so that every run of the bench schedules the same graph.
 */
export function layeredPlan(tasks: number, layers: number): Plan {
  const width = Math.ceil(tasks / layers)
  const random = seededRandom(1)
  const specs = Array.from({ length: tasks }, (_, index) => {
    const layer = Math.floor(index / width)
    const before = (layer - 1) * width
    const depends_on = layer === 0 ? [] : [...new Set([0, 1, 2].map(() => `t${before + random.below(width)}`))]
    return task(`t${index}`, { file: 'bench.yaml', depends_on })
  })
  return { files: [], tasks: specs, earlier: [], prices: [] }
}
