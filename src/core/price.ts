import * as z from 'zod'
import type { Usage } from './outcome.ts'

/*
 * What attempts cost. Rates are US dollars for a million tokens, as vendors state them; what they come to is
 * rounded up to whole micro-dollars, so that what was set aside is never too little by a fraction.
 */

/** A billion dollars. More is a mistake, and sums of numbers that large would no longer be exact. */
const MOST_MICRO_USD = 1_000_000_000_000_000

const perMtok = (what: string) => z.number().nonnegative().describe(`US dollars for a million ${what}`)

/** US dollars for a million tokens. Cached tokens cost as much as others where nothing else is said. */
export const Rates = z.object({
  input_per_mtok: perMtok('input tokens'),
  output_per_mtok: perMtok('output tokens'),
  cache_read_per_mtok: perMtok("input tokens that come from the provider's cache").optional(),
  cache_write_per_mtok: perMtok("input tokens that are written into the provider's cache").optional(),
})
export type Rates = z.infer<typeof Rates>

/** What tokens cost. Some models cost more for the whole of a request that is larger than `from` input tokens. */
export const Tariff = z.object({ rates: Rates, larger: z.array(z.object({ from: z.number().int().positive(), rates: Rates })).optional() })
export type Tariff = z.infer<typeof Tariff>

/** What an attempt on a route costs. A route without a price is never free: its price is not known. */
export const Price = z.discriminatedUnion('kind', [
  /** Because the configuration says so, or because nobody is paid. */
  z.object({ kind: z.literal('free') }),
  z.object({ kind: z.literal('tokens'), tariff: Tariff, source: z.enum(['config', 'genai-prices', 'assumed']) }),
  /** Every attempt costs the same. */
  z.object({ kind: z.literal('fixed'), micro_usd: z.number().int().nonnegative() }),
  /** An agent CLI that is held to at most this much. The tariff tells what its tokens cost where it does not. */
  z.object({ kind: z.literal('capped'), most_micro_usd: z.number().int().positive(), tariff: Tariff.optional() }),
])
export type Price = z.infer<typeof Price>

/** The price of one route. */
export const RoutePrice = z.object({ provider: z.string(), model: z.string().optional(), price: Price })
export type RoutePrice = z.infer<typeof RoutePrice>

/** US dollars, as a person writes them, in micro-dollars: rounded up, so that no fraction is lost to a provider. */
export function microUsd(usd: number): number {
  // 0.1 + 0.2 is not more than 0.3: what binary fractions add is cut off first.
  return Math.min(MOST_MICRO_USD, Math.ceil(Number((usd * 1_000_000).toFixed(3))))
}

/**
 * The most an attempt can cost, in micro-dollars.
 * @param input an upper bound of its input tokens
 * @param output the most output tokens it may produce
 */
export function worstCase(price: Price, input: number, output: number): number {
  switch (price.kind) {
    case 'free':
      return 0
    case 'fixed':
      return price.micro_usd
    case 'capped':
      return price.most_micro_usd
    case 'tokens':
      // A smaller request may be the dearer one where a larger one has other rates.
      return Math.max(...ratesUpTo(price.tariff, input).map((rates) => sum([dearestInput(rates), input], [rates.output_per_mtok, output])))
  }
}

/** What an attempt has cost, in micro-dollars; undefined when that cannot be told from its tokens. */
export function costOf(price: Price, usage: Usage | undefined): number | undefined {
  switch (price.kind) {
    case 'free':
      return 0
    case 'fixed':
      return price.micro_usd
    case 'capped':
      return price.tariff === undefined ? undefined : costOfTokens(price.tariff, usage)
    case 'tokens':
      return costOfTokens(price.tariff, usage)
  }
}

function costOfTokens(tariff: Tariff, usage: Usage | undefined): number | undefined {
  if (usage?.input === undefined || usage.output === undefined) return undefined
  const { cached = 0, cache_write = 0, output } = usage
  // Both are parts of the input; a server that tells of more of them has counted them apart.
  const input = Math.max(usage.input, cached + cache_write)
  const { input_per_mtok, output_per_mtok, cache_read_per_mtok = input_per_mtok, cache_write_per_mtok = input_per_mtok } =
    ratesUpTo(tariff, input).at(-1) ?? tariff.rates
  return sum([input_per_mtok, input - cached - cache_write], [cache_read_per_mtok, cached], [cache_write_per_mtok, cache_write], [output_per_mtok, output])
}

/** Adds up tokens at their prices, exactly; the sum is rounded up once. */
function sum(...parts: readonly (readonly [per_mtok: number, tokens: number])[]): number {
  const total = parts.reduce((so_far, [per_mtok, tokens]) => so_far + BigInt(microUsd(per_mtok)) * BigInt(tokens), 999_999n) / 1_000_000n
  return Math.min(MOST_MICRO_USD, Number(total))
}

/** The rates of requests of up to so many input tokens, smallest first. */
function ratesUpTo({ rates, larger = [] }: Tariff, input: number): Rates[] {
  const reached = larger.filter(({ from }) => input > from).sort((a, b) => a.from - b.from)
  return [rates, ...reached.map((step) => step.rates)]
}

function dearestInput({ input_per_mtok, cache_read_per_mtok = 0, cache_write_per_mtok = 0 }: Rates): number {
  return Math.max(input_per_mtok, cache_read_per_mtok, cache_write_per_mtok)
}

/** What identifies a route among prices. */
export function priceKey({ provider, model = '' }: { provider: string; model?: string | undefined }): string {
  return `${provider}\n${model}`
}

/** What to do about a route whose price is not known, as one sentence. @param agent whether it is an agent CLI, which is held to an amount instead */
export function unknownPriceAdvice({ provider, model }: { provider: string; model?: string | undefined }, agent: boolean): string {
  const free = `"providers.${provider}.free" in config.json`
  if (agent) return `what an attempt of ${provider} may cost is not known: set "providers.${provider}.max_cost_usd" or ${free}`
  if (model === undefined) return `the price of ${provider} is not known, because no model is named: name one, or set ${free}`
  return `the price of ${model} on ${provider} is not known: set "prices.${model}" or ${free}`
}
