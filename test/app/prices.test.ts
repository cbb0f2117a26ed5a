import { describe, expect, it } from 'vitest'
import { priceOf, pricesOf } from '../../src/app/prices.ts'
import { workspaceWith } from './workspace.ts'

const RATES = { input_per_mtok: 3, output_per_mtok: 15 }

const price = async (options: object, model?: string, more: object = {}) => priceOf(await workspaceWith({ providers: { it: options }, ...more }), { provider: 'it', model })

describe('nothing is paid', () => {
  it.each([
    ['where the configuration says so', { type: 'openai', base_url: 'https://api.openai.com/v1', free: true }],
    ['for a command', { type: 'command' }],
    ['for a rehearsal', { type: 'rehearsal' }],
    ['for an agent on a subscription', { type: 'claude-code', free: true }],
  ])('%s', async (_, options) => {
    expect(await price(options, 'gpt-5')).toEqual({ kind: 'free' })
  })

  it('on Ollama, as it comes', async () => {
    expect(await priceOf(await workspaceWith({}), { provider: 'ollama', model: 'llama3' })).toEqual({ kind: 'free' })
  })
})

describe('the price of a route', () => {
  it('is what a rehearsal pretends to cost', async () => {
    expect(await price({ type: 'rehearsal', price_usd: 0.0015 })).toEqual({ kind: 'fixed', micro_usd: 1_500 })
  })

  it("is the vendor's on the vendor's own server", async () => {
    const list = { kind: 'tokens', source: 'genai-prices', tariff: { rates: { input_per_mtok: 1.25, output_per_mtok: 10 } } }
    expect(await price({ type: 'openai', base_url: 'https://api.openai.com/v1' }, 'gpt-5')).toMatchObject(list)
    expect(await price({ type: 'openai', base_url: 'https://api.openai.com/v1', model: 'gpt-5' })).toMatchObject(list)
    expect(await price({ type: 'anthropic' }, 'claude-haiku-4-5')).toMatchObject({ kind: 'tokens', tariff: { rates: { input_per_mtok: 1 } } })
  })

  it.each(['http://127.0.0.1:3000/api', 'https://openai.example.org/v1', 'https://api.openai.com.example.org/v1'])(
    'is not known on a server of somebody else, whatever its models are called: %s',
    async (base_url) => {
      expect(await price({ type: 'openai', base_url }, 'gpt-5')).toBeUndefined()
      expect(await price({ type: 'anthropic', base_url }, 'claude-haiku-4-5')).toBeUndefined()
    },
  )

  it('is what the configuration says, for one provider before all others', async () => {
    const server = { type: 'openai', base_url: 'http://127.0.0.1:3000/api' }
    const configured = (rates: object) => ({ kind: 'tokens', source: 'config', tariff: { rates } })
    expect(await price(server, 'm', { prices: { m: RATES } })).toEqual(configured(RATES))
    const dearer = { ...RATES, input_per_mtok: 30 }
    expect(await price(server, 'm', { prices: { m: RATES, 'it/m': dearer } })).toEqual(configured(dearer))
    expect(await price({ ...server, base_url: 'https://api.openai.com/v1' }, 'gpt-5', { prices: { 'gpt-5': RATES } })).toEqual(configured(RATES))
    expect(await price(server, 'constructor', { prices: { m: RATES } })).toBeUndefined()
  })

  it('is an assumption only where the configuration states one', async () => {
    const server = { type: 'openai', base_url: 'http://127.0.0.1:3000/api' }
    const assumed = { budget: { unknown_price: 'allow', assumed_price: RATES } }
    expect(await price(server, 'm', { budget: { assumed_price: RATES } })).toBeUndefined()
    expect(await price(server, 'm', assumed)).toEqual({ kind: 'tokens', source: 'assumed', tariff: { rates: RATES } })
    expect(await price(server, undefined, assumed)).toMatchObject({ source: 'assumed' })
  })

  it('is not known of a provider that is not there', async () => {
    expect(await priceOf(await workspaceWith({}), { provider: 'constructor', model: 'gpt-5' })).toBeUndefined()
  })
})

describe('an agent', () => {
  it('is held to what the configuration says, and its tokens are known by its model', async () => {
    expect(await price({ type: 'claude-code', max_cost_usd: 2.5 }, 'claude-haiku-4-5')).toMatchObject({
      kind: 'capped',
      most_micro_usd: 2_500_000,
      tariff: { rates: { input_per_mtok: 1 } },
    })
    expect(await price({ type: 'claude-code', max_cost_usd: 2.5 }, 'm', { prices: { m: RATES } })).toMatchObject({ kind: 'capped', tariff: { rates: RATES } })
  })

  it.each(['claude-code', 'opencode'])('is held to a dollar where it stops at an amount, or says while it works what it has spent: %s', async (type) => {
    expect(await price({ type })).toEqual({ kind: 'capped', most_micro_usd: 1_000_000 })
  })

  it.each(['codex', 'gemini', 'qwen'])('may cost nobody knows what where nothing holds it, whatever is assumed of models: %s', async (type) => {
    expect(await price({ type }, 'gpt-5', { prices: { 'gpt-5': RATES }, budget: { unknown_price: 'allow', assumed_price: RATES } })).toBeUndefined()
    expect(await price({ type, max_cost_usd: 0.5 })).toEqual({ kind: 'capped', most_micro_usd: 500_000 })
  })
})

it('prices of routes are told once for each, and only those that are known', async () => {
  const known = { provider: 'rehearsal', model: 'm' }
  const found = await pricesOf(await workspaceWith({}), [known, { provider: 'openai', model: 'nothing' }, { ...known }, { provider: 'rehearsal' }])
  expect(found).toEqual([
    { ...known, price: { kind: 'free' } },
    { provider: 'rehearsal', price: { kind: 'free' } },
  ])
})
