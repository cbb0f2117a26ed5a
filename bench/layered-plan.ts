import type { Plan } from '../src/core/plan.ts'
import { task } from '../test/core/specs.ts'

/**
 * A plan in layers: every task depends on three of the layer before it, chosen by a fixed pseudo-random
 * sequence, so that every run of the bench schedules the same graph.
 */
export function layeredPlan(tasks: number, layers: number): Plan {
  const width = Math.ceil(tasks / layers)
  const random = sequence(1)
  const specs = Array.from({ length: tasks }, (_, index) => {
    const layer = Math.floor(index / width)
    const before = (layer - 1) * width
    const depends_on = layer === 0 ? [] : [...new Set([0, 1, 2].map(() => `t${before + Math.floor(random() * width)}`))]
    return task(`t${index}`, { file: 'bench.yaml', depends_on })
  })
  return { files: [], tasks: specs, earlier: [], prices: [] }
}

/** mulberry32: the same numbers from 0 to 1 for the same seed. */
function sequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
