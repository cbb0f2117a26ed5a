import { microUsd, priceKey, type Price, type RoutePrice, type Tariff } from '../core/price.ts'
import { COMMAND_PROVIDER, possibleRoutes, REHEARSAL_PROVIDER, type Target } from '../core/route.ts'
import type { TaskSpec } from '../core/task.ts'
import { listPrice, vendorAt, type Vendor } from '../prices/genai-prices.ts'
import { agentType, type ProviderOptions } from '../providers/registry.ts'
import type { Workspace } from './workspace.ts'

/** What an attempt on a route costs; undefined when that is not known, which is never the same as free. */
export async function priceOf({ config, providers }: Workspace, { provider, model: named }: Target): Promise<Price | undefined> {
  const options = Object.hasOwn(providers, provider) ? providers[provider] : undefined
  if (options === undefined) return undefined
  if (isFree(options)) return { kind: 'free' }
  if (options.type === REHEARSAL_PROVIDER) return { kind: 'fixed', micro_usd: microUsd(options.price_usd) }

  const model = named ?? ('model' in options ? options.model : undefined)
  const own = configuredPrice(config.prices, provider, model)
  const agent = agentType(options.type)
  if (agent !== undefined) {
    const { vendor, cap_usd } = agent
    const cap = ('max_cost_usd' in options ? options.max_cost_usd : undefined) ?? cap_usd
    if (cap === undefined) return undefined
    const tariff = own ?? (await published(vendor, model))
    return { kind: 'capped', most_micro_usd: Math.max(1, microUsd(cap)), ...(tariff === undefined ? {} : { tariff }) }
  }
  if (own !== undefined) return { kind: 'tokens', tariff: own, source: 'config' }
  const list = await published('base_url' in options ? vendorAt(options.base_url) : undefined, model)
  if (list !== undefined) return { kind: 'tokens', tariff: list, source: 'genai-prices' }
  const { unknown_price, assumed_price } = config.budget
  return unknown_price === 'allow' && assumed_price !== null ? { kind: 'tokens', tariff: { rates: assumed_price }, source: 'assumed' } : undefined
}

/** The prices of routes, each once, as far as they are known. */
export async function pricesOf(workspace: Workspace, routes: readonly Target[]): Promise<RoutePrice[]> {
  const unique = [...new Map(routes.map((route) => [priceKey(route), route])).values()]
  const prices = await Promise.all(unique.map((route) => priceOf(workspace, route)))
  return unique.flatMap(({ provider, model }, index) => {
    const price = prices[index]
    return price === undefined ? [] : [{ provider, ...(model === undefined ? {} : { model }), price }]
  })
}

/** The prices of every route that tasks may come to take. */
export function pricesOfTasks(workspace: Workspace, specs: readonly TaskSpec[]): Promise<RoutePrice[]> {
  return pricesOf(workspace, specs.flatMap((spec) => possibleRoutes(spec, workspace.settings)))
}

/** Nothing is free because its price is not known: the configuration says so, or nobody is paid. */
function isFree(options: ProviderOptions): boolean {
  if (options.type === COMMAND_PROVIDER) return true
  return options.type === REHEARSAL_PROVIDER ? options.price_usd === 0 : options.free
}

function configuredPrice(prices: Workspace['config']['prices'], provider: string, model: string | undefined): Tariff | undefined {
  if (model === undefined) return undefined
  const key = [`${provider}/${model}`, model].find((name) => Object.hasOwn(prices, name))
  const rates = key === undefined ? undefined : prices[key]
  return rates === undefined ? undefined : { rates }
}

async function published(vendor: Vendor | undefined, model: string | undefined): Promise<Tariff | undefined> {
  return vendor === undefined || model === undefined ? undefined : listPrice(vendor, model)
}
