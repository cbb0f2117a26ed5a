import type { Problem } from '../core/problem.ts'
import type { Target } from '../core/route.ts'
import { nearest } from '../text/nearest.ts'

/** Providers by their names, the built-in ones too. */
type Providers = Readonly<Record<string, { type: string; model?: string | undefined; free?: boolean }>>

/** The parts of a configuration that are looked at. */
type Parts = {
  tiers: Readonly<Record<string, readonly Target[]>>
  budget: { daily_usd: number | null; monthly_usd: number | null; warn_at_pct: number; unknown_price: 'hold' | 'allow'; assumed_price: object | null }
  prices: Readonly<Record<string, object>>
  execution: { per_provider: Readonly<Record<string, number>> }
}

/**
 * What is allowed and most likely not meant.
 * @param needsModel whether attempts on this type of provider have to name a model
 */
export function doubtful(config: Parts, providers: Providers, needsModel: (type: string) => boolean): Problem[] {
  const found = [...inBudget(config.budget), ...inTiers(config.tiers, providers, needsModel), ...inPrices(config, providers), ...inExecution(config.execution, providers)]
  return found.map((message) => ({ file: 'config.json', message }))
}

function inBudget({ daily_usd, monthly_usd, warn_at_pct, unknown_price, assumed_price }: Parts['budget']): string[] {
  const found: string[] = []
  if (warn_at_pct > 0 && warn_at_pct < 1) {
    const meant = Number((warn_at_pct * 100).toFixed(6))
    found.push(`budget.warn_at_pct: ${warn_at_pct} means ${warn_at_pct} %; write ${meant} for ${meant} %`)
  }
  if (daily_usd !== null && monthly_usd !== null && daily_usd > monthly_usd) {
    found.push(`budget.daily_usd: ${daily_usd} is above budget.monthly_usd, which is ${monthly_usd} and is reached first`)
  }
  if (assumed_price !== null && unknown_price !== 'allow') found.push('budget.assumed_price: is not used as long as budget.unknown_price is "hold"; set that to "allow"')
  return found
}

/** A choice on the command line may name the model all the same. */
function inTiers(tiers: Parts['tiers'], providers: Providers, needsModel: (type: string) => boolean): string[] {
  return Object.entries(tiers).flatMap(([tier, routes]) =>
    routes.flatMap(({ provider, model }, index) => {
      const own = providers[provider]
      if (own === undefined || model !== undefined || own.model !== undefined || !needsModel(own.type)) return []
      return [`tiers.${tier}[${index}]: no model is named here, nor in providers.${provider}; attempts there need one`]
    }),
  )
}

/**
 * A price of a model that nobody names, beside a model that looks like it and has none. Other prices may be those of
 * models that tasks name.
 */
function inPrices({ tiers, prices }: Parts, providers: Providers): string[] {
  const targets: Target[] = [...Object.entries(providers).map(([provider, { model }]) => ({ provider, model })), ...Object.values(tiers).flat()]
  const routes = targets.flatMap(({ provider, model }) => (model === undefined ? [] : [{ provider, names: [model, `${provider}/${model}`] }]))
  const named = new Set(routes.flatMap(({ names }) => names))
  const isPriced = (name: string) => Object.hasOwn(prices, name)
  const unpriced = routes.filter(({ provider, names }) => providers[provider]?.free !== true && !names.some(isPriced)).flatMap(({ names }) => names)
  return Object.keys(prices).flatMap((name) => {
    const meant = named.has(name) ? undefined : nearest(name, unpriced)
    return meant === undefined ? [] : [`prices.${name}: no tier or provider names this model; did you mean "${meant}"?`]
  })
}

function inExecution({ per_provider }: Parts['execution'], providers: Providers): string[] {
  const known = Object.keys(providers)
  return Object.keys(per_provider).flatMap((name) => {
    if (Object.hasOwn(providers, name)) return []
    const near = nearest(name, known)
    return [`execution.per_provider.${name}: there is no such provider${near === undefined ? '' : `; did you mean "${near}"?`}`]
  })
}
