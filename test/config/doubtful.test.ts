import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openWorkspace } from '../../src/app/workspace.ts'
import { tempDir } from '../temp-dir.ts'

async function warnings(config: object): Promise<string[]> {
  const dir = await tempDir()
  await writeFile(join(dir, 'config.json'), JSON.stringify(config))
  const opened = await openWorkspace(dir, {}, {})
  if ('problems' in opened) throw new Error(JSON.stringify(opened.problems))
  return opened.warnings.map(({ file, message }) => `${file}: ${message}`)
}

const server = (more: object = {}) => ({ type: 'openai', base_url: 'http://127.0.0.1:9/v1', ...more })
const rates = { input_per_mtok: 1, output_per_mtok: 2 }

it.each<[string, object, string]>([
  ['a share that was meant as a fraction', { budget: { warn_at_pct: 0.8 } }, 'budget.warn_at_pct: 0.8 means 0.8 %; write 80 for 80 %'],
  ['a day that may cost more than its month', { budget: { daily_usd: 9, monthly_usd: 5 } }, 'budget.daily_usd: 9 is above budget.monthly_usd, which is 5 and is reached first'],
  ['an assumption that is not used', { budget: { assumed_price: rates } }, 'budget.assumed_price: is not used as long as budget.unknown_price is "hold"; set that to "allow"'],
  ['a limit for nobody', { providers: { cloud: server() }, execution: { per_provider: { cluod: 2 } } }, 'execution.per_provider.cluod: there is no such provider; did you mean "cloud"?'],
  [
    'a route without a model',
    { providers: { cloud: server() }, tiers: { local: [{ provider: 'cloud', model: 'm' }, { provider: 'cloud' }] } },
    'tiers.local[1]: no model is named here, nor in providers.cloud; attempts there need one',
  ],
  ['the price of a misspelt model', { providers: { cloud: server({ model: 'mistral' }) }, prices: { mistrl: rates } }, 'prices.mistrl: no tier or provider names this model; did you mean "mistral"?'],
  ['the price of a misspelt provider', { providers: { cloud: server({ model: 'mistral' }) }, prices: { 'cluod/mistral': rates } }, 'prices.cluod/mistral: no tier or provider names this model; did you mean "cloud/mistral"?'],
])('a configuration is warned of %s', async (_, config, warning) => {
  expect(await warnings(config)).toEqual([`config.json: ${warning}`])
})

it.each<[string, object]>([
  ['prices of models that only tasks name', { providers: { cloud: server({ model: 'mistral' }) }, prices: { 'gpt-x': rates } }],
  ['a price that looks like that of a model which is free, or has a price of its own', { providers: { cloud: server({ model: 'big-1' }), own: server({ model: 'small-1', free: true }) }, prices: { 'big-1': rates, 'big-2': rates, 'small-2': rates } }],
  ['an assumption that is used', { budget: { assumed_price: rates, unknown_price: 'allow', warn_at_pct: 1 } }],
  ['limits of built-in providers, and routes of a provider that has a model, or needs none', { providers: { cloud: server({ model: 'm' }) }, tiers: { local: [{ provider: 'cloud' }, { provider: 'rehearsal' }] }, execution: { per_provider: { ollama: 1 } } }],
])('a configuration is not warned of %s', async (_, config) => {
  expect(await warnings(config)).toEqual([])
})
