import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatTokens, formatUsd, formatUsdAlike } from '../../src/core/units.ts'

it.each([
  [0, '$0.00'],
  [610_000, '$0.61'],
  [614_900, '$0.61'],
  [4_200, '$0.0042'],
  [50_000, '$0.05'],
  [99_900, '$0.10'],
  [1, '$0.000001'],
  [12_345_678, '$12.35'],
  [1_234_500_000, '$1234.50'],
  [-400_000, '-$0.40'],
])('%d micro-dollars are %s', (micro, text) => {
  expect(formatUsd(micro)).toBe(text)
})

it('gives amounts that stand below each other as many decimals as the one that needs most', () => {
  expect(formatUsdAlike([12_000_000, 4_200, 0, -610_000])).toEqual(['$12.0000', '$0.0042', '$0.0000', '-$0.6100'])
  expect(formatUsdAlike([])).toEqual([])
})

it('never shows money as nothing that is something, and never far from what it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000_000_000 }), (micro) => {
      const shown = Number(formatUsd(micro).slice(1)) * 1_000_000
      expect(shown).toBeGreaterThan(0)
      expect(Math.abs(shown - micro) / micro).toBeLessThanOrEqual(0.06)
    }),
  )
})

it.each([
  [0, '0'],
  [812, '812'],
  [3_420, '3.4k'],
  [98_000, '98k'],
  [12_400_000, '12M'],
])('%d tokens are %s', (tokens, text) => {
  expect(formatTokens(tokens)).toBe(text)
})
