import type { Plan } from '../src/core/plan.ts'
import { task } from '../test/core/specs.ts'
import { seededRandom } from '../test/random.ts'

/** `layers`: each task behind three of the layer before it. `flat`: nothing depends on anything. `chain`: each on the one before. */
export type Shape = 'layers' | 'flat' | 'chain'

const LAYERS = 100

/** How many attempts may run at once. */
export const AT_ONCE = 64

/** What a task answers where it answers. */
export const ANSWER = 'The text of an answer, of about as many words as a sentence has. '.repeat(4)

/** What each task depends on, as indexes; the same every time. */
export function edges(shape: Shape, tasks: number, layers = LAYERS): number[][] {
  switch (shape) {
    case 'flat':
      return Array.from({ length: tasks }, () => [])
    case 'chain':
      return Array.from({ length: tasks }, (_, index) => (index === 0 ? [] : [index - 1]))
    case 'layers': {
      const width = Math.ceil(tasks / layers)
      const random = seededRandom(1)
      return Array.from({ length: tasks }, (_, index) => {
        const before = (Math.floor(index / width) - 1) * width
        return before < 0 ? [] : [...new Set([0, 1, 2].map(() => before + random.below(width)))]
      })
    }
  }
}

export const idOf = (index: number) => `t${index}`

/** A plan of prompts that ask for nothing special. */
export function planOf(shape: Shape, tasks: number, layers = LAYERS): Plan {
  const specs = edges(shape, tasks, layers).map((depends_on, index) => task(idOf(index), { file: 'bench.yaml', depends_on: depends_on.map(idOf) }))
  return { files: [], tasks: specs, earlier: [], prices: [] }
}
