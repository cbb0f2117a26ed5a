import type { MatchLogic, ModelInfo, ModelPrice } from '@pydantic/genai-prices'
import type { Rates, Tariff } from '../core/price.ts'

/*
 * The published prices of the vendors' own APIs, from the data that comes with the package; it never goes
 * to the network unless `updatePrices` is called.
 *
 * - A step of a tiered price is for requests of more than `start` input tokens, cached ones included, and
 *   then for all of their tokens. Tariff means the same.
 * - Its matching is generous: `claude-sonnet-5-9` is given the price of `claude-sonnet-5`, and a price that is
 *   missing costs nothing. Here a name has to be the model's own, and both prices have to be there.
 * - What is written into the cache for an hour costs more than `cache_write_mtok`; nobody here asks for that.
 */

/** Vendors whose prices are taken over, by their id in the package. */
export type Vendor = 'openai' | 'anthropic' | 'google'

const HOSTS: Record<string, Vendor> = {
  'api.openai.com': 'openai',
  'api.anthropic.com': 'anthropic',
  'generativelanguage.googleapis.com': 'google',
}

/** A run may go on overnight: a price that rises meanwhile counts from the beginning. */
const AHEAD_MS = 24 * 60 * 60 * 1000

/** The vendor whose own server this is. A server of somebody else has other prices, whatever its models are called. */
export function vendorAt(url: string): Vendor | undefined {
  if (!URL.canParse(url)) return undefined
  const { host } = new URL(url)
  return Object.hasOwn(HOSTS, host) ? HOSTS[host] : undefined
}

/** What a vendor asks for its model's tokens; undefined when that is not known. @param now milliseconds since 1970 */
export async function listPrice(vendor: Vendor, model: string, now: number = Date.now()): Promise<Tariff | undefined> {
  // Two megabytes of data: they are loaded when the first price is asked for.
  const { calcPrice } = await import('@pydantic/genai-prices')
  const found = calcPrice({}, model, { providerId: vendor, timestamp: new Date(now) })
  if (found === null || !isNamed(found.model, model)) return undefined
  return tariffOf(pricesThatMayHold(found.model.prices, found.model_price, now))
}

/** Whether a name is the model's own, apart from the date of a snapshot. */
function isNamed({ id, match }: ModelInfo, model: string): boolean {
  const name = model.trim().toLowerCase()
  const undated = name.replace(/-(\d{4}-?\d{2}-?\d{2}|latest)$/, '')
  const names = [id, ...namesIn(match)].map((each) => each.toLowerCase())
  return names.includes(name) || names.includes(undated)
}

function namesIn(match: MatchLogic): string[] {
  if ('or' in match) return match.or.flatMap(namesIn)
  if ('and' in match) return match.and.flatMap(namesIn)
  if ('equals' in match) return [match.equals]
  if ('starts_with' in match) return [match.starts_with]
  return []
}

/** The prices that hold now, those that begin within a day, and those of other hours of the day. */
function pricesThatMayHold(prices: ModelInfo['prices'], current: ModelPrice, now: number): ModelPrice[] {
  if (!Array.isArray(prices)) return [current]
  const others = prices.filter(({ constraint }) => {
    if (constraint === undefined) return false
    if (constraint.type === 'time_of_date') return true
    const start = Date.parse(constraint.start_date)
    return start > now && start <= now + AHEAD_MS
  })
  return [current, ...others.map((each) => each.prices)]
}

/** The dearest of several prices, at every size of request that makes a difference. */
function tariffOf(prices: readonly ModelPrice[]): Tariff | undefined {
  const base = ratesAt(prices, 1)
  if (base === undefined) return undefined
  const steps = prices.flatMap((price) => Object.values(price)).flatMap((price) => (typeof price === 'object' ? price.tiers : []))
  const starts = [...new Set(steps.map(({ start }) => start))].filter((start) => start > 0).sort((a, b) => a - b)
  const larger = starts.flatMap((from) => {
    const rates = ratesAt(prices, from + 1)
    return rates === undefined ? [] : [{ from, rates }]
  })
  return larger.length === 0 ? { rates: base } : { rates: base, larger }
}

/** The rates of a request of so many input tokens; undefined when input or output has no price. A price of zero is one that is not told. */
function ratesAt(prices: readonly ModelPrice[], input: number): Rates | undefined {
  const dearest = (of: (price: ModelPrice) => number) => Math.max(...prices.map(of))
  const at = (key: string) => (price: ModelPrice) => priceAt(price[key], input)
  const input_per_mtok = dearest(at('input_mtok'))
  const output_per_mtok = dearest(at('output_mtok'))
  if (input_per_mtok === 0 || output_per_mtok === 0) return undefined
  const cached = (key: string) => dearest((price) => at(key)(price) || at('input_mtok')(price))
  return { input_per_mtok, output_per_mtok, cache_read_per_mtok: cached('cache_read_mtok'), cache_write_per_mtok: cached('cache_write_mtok') }
}

function priceAt(price: ModelPrice[string], input: number): number {
  if (price === undefined || typeof price === 'number') return price ?? 0
  return price.tiers.filter(({ start }) => input > start).sort((a, b) => a.start - b.start).at(-1)?.price ?? price.base
}
