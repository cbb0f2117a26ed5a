import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { costOf, microUsd, unknownPriceAdvice, worstCase, type Price, type Tariff } from '../../src/core/price.ts'

const RATES = { input_per_mtok: 3, output_per_mtok: 15, cache_read_per_mtok: 0.3, cache_write_per_mtok: 3.75 }
const tokens = (tariff: Tariff): Price => ({ kind: 'tokens', tariff, source: 'config' })

const anyRate = fc.oneof(fc.double({ min: 0, max: 200, noNaN: true }), fc.constantFrom(0, 0.1, 0.0375, 0.7, 1.1, 3, 15))
const anyRates = fc.record(
  { input_per_mtok: anyRate, output_per_mtok: anyRate, cache_read_per_mtok: anyRate, cache_write_per_mtok: anyRate },
  { requiredKeys: ['input_per_mtok', 'output_per_mtok'] },
)
const anyTariff: fc.Arbitrary<Tariff> = fc.record(
  { rates: anyRates, larger: fc.array(fc.record({ from: fc.integer({ min: 1, max: 1_000_000 }), rates: anyRates }), { maxLength: 3 }) },
  { requiredKeys: ['rates'] },
)
const anyTokens = fc.oneof(fc.nat(2_000_000), fc.nat(20))

describe('US dollars that a person writes', () => {
  it.each([
    [0, 0],
    [5, 5_000_000],
    [0.1 + 0.2, 300_000],
    [0.0000004, 1],
    [1e300, 1_000_000_000_000_000],
  ])('%d are %d micro-dollars: a fraction is never lost, and the number stays whole', (usd, micro) => {
    expect(microUsd(usd)).toBe(micro)
  })
})

describe('what an attempt has cost', () => {
  it('counts cached tokens at their own price, and the rest of the input at the full one', () => {
    expect(costOf(tokens({ rates: RATES }), { input: 1_000, cached: 600, cache_write: 100, output: 200 })).toBe(900 + 180 + 375 + 3_000)
  })

  it('counts cached tokens as others where they have no price', () => {
    const rates = { input_per_mtok: 3, output_per_mtok: 15 }
    expect(costOf(tokens({ rates }), { input: 1_000, cached: 600, output: 0 })).toBe(3_000)
  })

  it('counts all of a large request at the price of large requests', () => {
    const price = tokens({ rates: { input_per_mtok: 1, output_per_mtok: 2 }, larger: [{ from: 1_000, rates: { input_per_mtok: 10, output_per_mtok: 20 } }] })
    expect(costOf(price, { input: 1_000, output: 1 })).toBe(1_002)
    expect(costOf(price, { input: 1_001, output: 1 })).toBe(10_030)
  })

  it('is not known when the provider did not tell the tokens', () => {
    expect(costOf(tokens({ rates: RATES }), { input: 1_000 })).toBeUndefined()
    expect(costOf(tokens({ rates: RATES }), undefined)).toBeUndefined()
    expect(costOf({ kind: 'capped', most_micro_usd: 5 }, { input: 1, output: 1 })).toBeUndefined()
  })

  it('is known without any tokens where nobody is paid, or every attempt costs the same', () => {
    expect(costOf({ kind: 'free' }, undefined)).toBe(0)
    expect(costOf({ kind: 'fixed', micro_usd: 7 }, undefined)).toBe(7)
  })

  it('is rounded up, once for all of its tokens: what is not nothing never costs nothing', () => {
    const price = tokens({ rates: { input_per_mtok: 0.1, output_per_mtok: 0.2 } })
    expect(costOf(price, { input: 1, output: 0 })).toBe(1)
    expect(costOf(price, { input: 3, output: 4 })).toBe(2)
  })

  it('counts no token twice, and loses none, when a server counts cached tokens apart from the input', () => {
    expect(costOf(tokens({ rates: RATES }), { input: 10, cached: 1_000, output: 0 })).toBe(300)
  })

  it('is a whole number that can be kept, whatever a server claims', () => {
    const most = Number.MAX_SAFE_INTEGER
    expect(Number.isSafeInteger(costOf(tokens({ rates: RATES }), { input: most, cached: most, cache_write: most, output: most }))).toBe(true)
  })
})

describe('what is set aside for an attempt', () => {
  it('is never less than it can cost within its bounds', () => {
    fc.assert(
      fc.property(anyTariff, anyTokens, anyTokens, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }), (tariff, input, output, share) => {
        const [all = 0, cached = 0, written = 0, out = 0] = share
        const used = Math.floor(input * all)
        const read = Math.floor(used * cached)
        const usage = { input: used, cached: read, cache_write: Math.floor((used - read) * written), output: Math.floor(output * out) }
        expect(worstCase(tokens(tariff), input, output)).toBeGreaterThanOrEqual(costOf(tokens(tariff), usage) ?? NaN)
        expect(worstCase(tokens(tariff), input, output)).toBeGreaterThanOrEqual(costOf(tokens(tariff), { ...usage, input, output }) ?? NaN)
      }),
      { numRuns: 2_000 },
    )
  })

  it('is not more by a fraction that only binary numbers know', () => {
    const rates = { input_per_mtok: 1.1, output_per_mtok: 0.7 }
    expect(worstCase(tokens({ rates }), 10, 10)).toBe(18)
  })

  it('is the amount that an agent is held to, and what a fixed price says', () => {
    expect(worstCase({ kind: 'capped', most_micro_usd: 500_000 }, 1, 1)).toBe(500_000)
    expect(worstCase({ kind: 'fixed', micro_usd: 7 }, 1, 1)).toBe(7)
    expect(worstCase({ kind: 'free' }, 1, 1)).toBe(0)
  })
})

describe('a price that is not known', () => {
  it('says what to write into the configuration, for the model that it is about', () => {
    expect(unknownPriceAdvice({ provider: 'webui', model: 'qwen3' }, false)).toBe('the price of qwen3 on webui is not known: set "prices.qwen3" or "providers.webui.free" in config.json')
    expect(unknownPriceAdvice({ provider: 'codex', model: 'gpt-5' }, true)).toContain('"providers.codex.max_cost_usd"')
    expect(unknownPriceAdvice({ provider: 'webui' }, false)).toContain('no model is named')
  })
})
