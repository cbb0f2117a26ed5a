import * as z from 'zod'
import type { Route } from '../route.ts'
import type { Attempt, Task } from '../task-state.ts'
import { withoutUndefined } from './without-undefined.ts'

/** What a task has spent on one route. */
export const Spending = z.object({
  tier: z.string().optional(),
  provider: z.string(),
  model: z.string().optional(),
  /** Why this route was taken. */
  reason: z.string(),
  attempts: z.number().int().positive(),
  cost_micro_usd: z.number().int().nonnegative(),
  passed: z.boolean(),
})
export type Spending = z.infer<typeof Spending>

/** Known when every attempt that has ended was settled, and there was one. Nobody is paid for a command. */
export function taskCostUsd({ spec, attempts }: Task): number | null {
  const ended = attempts.filter(({ outcome }) => outcome !== undefined)
  const isKnown = spec.work.kind === 'command' || ended.every(({ settled }) => settled !== undefined)
  return ended.length > 0 && isKnown ? settledSum(ended) / 1_000_000 : null
}

/** What attempts were settled at, whatever has been corrected since: what the ledger holds of them; micro-dollars. */
export function settledSum(attempts: readonly Attempt[]): number {
  return attempts.reduce((sum, { settled }) => sum + (settled?.micro_usd ?? 0), 0)
}

/** What each stretch of attempts on one route has cost. */
export function spendingOf({ spec, attempts, state: now }: Task): Spending[] {
  const stretches: Attempt[][] = []
  for (const attempt of spec.work.kind === 'command' ? [] : attempts) {
    const last = stretches.at(-1)
    if (last?.[0] !== undefined && isSameRoute(last[0].route, attempt.route)) last.push(attempt)
    else stretches.push([attempt])
  }
  return stretches.flatMap((own, index) => {
    const [first] = own
    if (first === undefined) return []
    const { tier, provider, model, reason } = first.route
    const passed = now.status === 'complete' && index === stretches.length - 1
    return [withoutUndefined({ tier, provider, model, reason, attempts: own.length, cost_micro_usd: settledSum(own), passed })]
  })
}

function isSameRoute(a: Route, b: Route): boolean {
  return a.provider === b.provider && a.model === b.model && a.tier === b.tier
}

