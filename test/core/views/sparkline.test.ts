import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sparkline, spentInParts } from '../../../src/core/views/sparkline.ts'

describe('a sparkline', () => {
  it('draws nothing on the ground, the most at the top, and what is little above the ground', () => {
    expect(sparkline([0, 1, 50, 100])).toBe('▁▂▅█')
    expect(sparkline([0, 0])).toBe('▁▁')
    expect(sparkline([1, 1_000_000])).toBe('▂█')
    expect(sparkline([])).toBe('')
  })

  it('has one sign for each value, and none lower for more', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 50 }), (values) => {
        const line = sparkline(values)
        expect(line).toHaveLength(values.length)
        values.forEach((value, index) => values.forEach((other, place) => value <= other && expect((line[index] ?? '') <= (line[place] ?? '')).toBe(true)))
      }),
    )
  })
})

describe('spending over time', () => {
  const at = (ms: number, micro_usd = 1) => ({ at: ms, micro_usd })

  it('stands in the part of the time that it falls into', () => {
    expect(spentInParts([at(0, 5), at(999, 1), at(1_000, 7), at(4_000, 2)], 0, 4_000, 4)).toEqual([6, 7, 0, 2])
  })

  it('loses nothing, whatever the times', () => {
    const payments = fc.array(fc.record({ ms: fc.integer({ min: -1_000, max: 10_000 }), micro_usd: fc.nat() }))
    fc.assert(
      fc.property(payments, fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 1, max: 60 }), (all, span, parts) => {
        const sums = spentInParts(all.map(({ ms, micro_usd }) => at(ms, micro_usd)), 1_000, 1_000 + span, parts)
        expect(sums).toHaveLength(parts)
        expect(sums.reduce((a, b) => a + b, 0)).toBe(all.reduce((sum, { micro_usd }) => sum + micro_usd, 0))
      }),
    )
  })
})
