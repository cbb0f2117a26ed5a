import * as z from 'zod'
import type { Usage } from '../../core/outcome.ts'
import { microUsd } from '../../core/price.ts'
import { tokens, usd } from './fields.ts'

/** What a step says at its end that it has used. */
export const Spent = z.object({
  tokens: z
    .object({ input: tokens, output: tokens, reasoning: tokens, cache: z.object({ read: tokens, write: tokens }).optional().catch(undefined) })
    .optional()
    .catch(undefined),
  cost: usd,
})
type Spent = z.infer<typeof Spent>

/** What the steps have used; undefined: one of them did not say. */
export type Spend = { input: number | undefined; cached: number; cache_write: number; output: number | undefined; usd: number | undefined }

/** opencode tells cached tokens and reasoning apart from input and output. */
export function add(before: Spend = { input: 0, cached: 0, cache_write: 0, output: 0, usd: 0 }, step: Spent): Spend {
  const { read = 0, write = 0 } = step.tokens?.cache ?? {}
  return {
    input: sum(before.input, step.tokens?.input, read + write),
    cached: before.cached + read,
    cache_write: before.cache_write + write,
    output: sum(before.output, step.tokens?.output, step.tokens?.reasoning ?? 0),
    // It gives a model that it has no price for a cost of 0.
    usd: step.cost === 0 ? undefined : sum(before.usd, step.cost, 0),
  }
}

function sum(before: number | undefined, more: number | undefined, rest: number): number | undefined {
  return before === undefined || more === undefined ? undefined : before + more + rest
}

/** A sum that cannot be is as little told as a number that cannot be. */
const Sums = z.object({ input: tokens, cached: tokens, cache_write: tokens, output: tokens })

export function told(spend: Spend | undefined): { usage?: Usage; cost_micro_usd?: number } {
  if (spend === undefined) return {}
  return { usage: Sums.parse(spend), ...(spend.usd === undefined ? {} : { cost_micro_usd: microUsd(spend.usd) }) }
}
