import fc from 'fast-check'
import { expect, it } from 'vitest'
import { copyState } from '../../src/core/copy-state.ts'
import { reduce } from '../../src/core/reduce.ts'
import { emptyState } from '../../src/core/state.ts'
import { anyLog } from '../app/shown-runs/recording.ts'

it('a copy is the same, and what follows in one is not seen in the other', () => {
  fc.assert(
    fc.property(anyLog, fc.nat(), (events, number) => {
      const cut = number % (events.length + 1)
      const before = () => events.slice(0, cut).reduce(reduce, emptyState())
      const original = before()
      const copy = copyState(original)
      expect(copy).toEqual(original)
      events.slice(cut).reduce(reduce, copy)
      expect(original).toEqual(before())
      expect(copy).toEqual(events.reduce(reduce, emptyState()))
    }),
    { numRuns: 300 },
  )
})
