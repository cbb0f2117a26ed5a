import { COMMAND_PROVIDER, type Target } from '../core/route.ts'
import type { Rates } from '../core/price.ts'
import { nearest } from '../text/nearest.ts'

/** Providers by their names, as far as their kind matters here. */
export type NamedProviders = Readonly<Record<string, { type: string; model?: string | undefined }>>

/** The parts of a configuration that name each other. */
type Parts = {
  providers: NamedProviders
  tiers: Readonly<Record<string, readonly Target[]>>
  routing: { default_tier?: string | undefined; max_tier?: string | undefined; by_type: Readonly<Record<string, string>> }
  budget: { unknown_price: 'hold' | 'allow'; assumed_price: Rates | null }
}

type Contradiction = { path: (string | number)[]; message: string }

/** What no run could go by: names that lead nowhere, and keys that need another one. */
export function contradictions({ providers, tiers, routing, budget }: Parts, builtIn: NamedProviders): Contradiction[] {
  const known = { ...builtIn, ...providers }
  return [...inTiers(tiers, known), ...inRouting(routing, Object.keys(tiers)), ...inBudget(budget)]
}

function inTiers(tiers: Parts['tiers'], known: NamedProviders): Contradiction[] {
  return Object.entries(tiers).flatMap(([tier, routes]) =>
    routes.flatMap(({ provider }, index) => {
      const path = ['tiers', tier, index, 'provider']
      const found = Object.hasOwn(known, provider) ? known[provider] : undefined
      if (found === undefined) return [{ path, message: `there is no provider "${provider}"${advice(provider, Object.keys(known))}` }]
      return found.type === COMMAND_PROVIDER ? [{ path, message: `"${provider}" runs commands, and tiers are for prompts; name a provider that answers them` }] : []
    }),
  )
}

function inRouting({ default_tier, max_tier, by_type }: Parts['routing'], tiers: readonly string[]): Contradiction[] {
  const named: [string[], string | undefined][] = [
    [['max_tier'], max_tier],
    [['default_tier'], default_tier],
    ...Object.entries(by_type).map(([type, tier]): [string[], string] => [['by_type', type], tier]),
  ]
  return named.flatMap(([key, tier]) =>
    tier === undefined || tiers.includes(tier) ? [] : [{ path: ['routing', ...key], message: `there is no tier "${tier}" in "tiers"${advice(tier, tiers)}` }],
  )
}

function inBudget({ unknown_price, assumed_price }: Parts['budget']): Contradiction[] {
  if (unknown_price === 'hold' || assumed_price !== null) return []
  const message = 'needs an assumption: set "assumed_price" beside it, e.g. { "input_per_mtok": 10, "output_per_mtok": 50 }'
  return [{ path: ['budget', 'unknown_price'], message }]
}

function advice(name: string, known: readonly string[]): string {
  const near = nearest(name, known)
  if (near !== undefined) return `; did you mean "${near}"?`
  return known.length === 0 ? '' : ` (there are: ${known.join(', ')})`
}
