import { calcPrice, findProvider } from '@pydantic/genai-prices'
import { describe, expect, it } from 'vitest'
import { costOf } from '../../src/core/price.ts'
import { listPrice, vendorAt, type Vendor } from '../../src/prices/genai-prices.ts'

const NOVEMBER = Date.parse('2026-11-20T12:00:00Z')
const price = (vendor: Vendor, model: string, now = NOVEMBER) => listPrice(vendor, model, now)

describe('the price of a model', () => {
  it('is what its vendor asks for', async () => {
    expect(await price('anthropic', 'claude-haiku-4-5')).toEqual({
      rates: { input_per_mtok: 1, output_per_mtok: 5, cache_read_per_mtok: 0.1, cache_write_per_mtok: 1.25 },
    })
  })

  it.each<[Vendor, string]>([
    ['anthropic', 'claude-haiku-4-5-20251001'],
    ['anthropic', 'claude-3-5-sonnet-latest'],
    ['openai', 'gpt-5-2025-08-07'],
    ['openai', 'GPT-5'],
    ['google', 'gemini-2.5-pro'],
  ])('is known by the names of its snapshots: %s %s', async (vendor, model) => {
    expect(await price(vendor, model)).toBeDefined()
  })

  it.each<[Vendor, string, string]>([
    ['openai', 'llama3.1:8b', 'is somebody else’s'],
    ['openai', 'claude-haiku-4-5', 'is of another vendor'],
    ['anthropic', 'claude-sonnet-5-9', 'only begins like one that is known'],
    ['anthropic', 'claude-haiku-4-5-20251001-mine', 'goes on after one that is known'],
    ['openai', 'gpt-5-nano-mine', 'only begins like one that is known'],
    ['openai', 'text-embedding-3-small', 'has no price for output'],
    ['google', 'gemma-4-31b-it', 'is given away'],
    ['openai', 'constructor', 'is no model'],
  ])('is not known, and so not zero, when the model %s %s %s', async (vendor, model) => {
    expect(await price(vendor, model)).toBeUndefined()
  })

  it('costs more for the whole of a large request', async () => {
    expect(await price('anthropic', 'claude-sonnet-4-5')).toMatchObject({
      rates: { input_per_mtok: 3, output_per_mtok: 15 },
      larger: [{ from: 200_000, rates: { input_per_mtok: 6, output_per_mtok: 22.5, cache_read_per_mtok: 0.6 } }],
    })
  })

  it('is the one that holds now, and from a day before it rises the higher one', async () => {
    const input = async (at: string) => (await price('google', 'gemini-3.8-flash', Date.parse(at)))?.rates.input_per_mtok
    expect(await input('2026-12-30T12:00:00Z')).toBe(0.75)
    expect(await input('2026-12-31T12:00:00Z')).toBe(1.5)
    expect(await input('2027-02-01T12:00:00Z')).toBe(1.5)
    const fallen = async (at: string) => (await price('openai', 'o3', Date.parse(at)))?.rates.output_per_mtok
    expect(await fallen('2025-06-09T12:00:00Z')).toBe(40)
    expect(await fallen('2025-06-10T12:00:00Z')).toBe(8)
  })

  it('comes to what the package itself makes of it, for every model and size of request', async () => {
    const usages = [1, 1_000, 127_999, 128_001, 200_000, 200_001, 271_999, 272_000, 272_001, 900_000].flatMap((input) => [
      { input, output: 500 },
      { input, cached: Math.floor(input / 2), cache_write: Math.floor(input / 4), output: 7 },
    ])
    let compared = 0
    for (const vendor of ['openai', 'anthropic', 'google'] as const) {
      for (const { id } of findProvider({ providerId: vendor })?.models ?? []) {
        const tariff = await price(vendor, id)
        if (tariff === undefined) continue
        for (const usage of usages) {
          const { input, output, cached: cache_read_tokens = 0, cache_write: cache_write_tokens = 0 } = usage
          const theirs = calcPrice({ input_tokens: input, output_tokens: output, cache_read_tokens, cache_write_tokens }, id, {
            providerId: vendor,
            timestamp: new Date(NOVEMBER),
          })
          const ours = costOf({ kind: 'tokens', tariff, source: 'genai-prices' }, usage)
          expect(Math.abs((ours ?? NaN) - (theirs?.total_price ?? NaN) * 1_000_000), `${id} ${JSON.stringify(usage)}`).toBeLessThanOrEqual(1.001)
          compared++
        }
      }
    }
    expect(compared).toBeGreaterThan(2_000)
  })
})

describe('a server', () => {
  it('is a vendor’s only by the vendor’s own host', () => {
    expect(vendorAt('https://api.openai.com/v1')).toBe('openai')
    expect(vendorAt('https://generativelanguage.googleapis.com/v1beta/openai')).toBe('google')
    for (const other of [
      'http://127.0.0.1:3000/api',
      'https://api.openai.com.example.org/v1',
      'https://api.openai.com:8443/v1',
      'https://proxy.example.org/api.openai.com',
      'https://eu.api.openai.com/v1',
      'constructor://x',
      '',
    ]) {
      expect(vendorAt(other), other).toBeUndefined()
    }
  })
})
