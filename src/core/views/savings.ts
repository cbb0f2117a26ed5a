import { costOf, priceKey } from '../price.ts'
import type { RunState } from '../state.ts'
import { answerOf, costOfAttempts, type Task } from '../task-state.ts'
import type { TopTier } from './cost.ts'

/**
 * What a task has saved by not being sent to the top tier at once, in micro-dollars: an estimate from the tokens of its
 * last answer. Less than nothing where the cheap tries were for nothing; zero where it cannot be told, where the answer
 * came from the cache, and where the task was sent past the tiers.
 */
export function savedOn(task: Task, state: RunState): number {
  const answer = answerOf(task)
  if (answer === undefined || answer.cached === true || task.attempts.at(-1)?.route.tier === undefined) return 0
  const price = topTierOf(state)?.price
  const would_be = price === undefined ? undefined : costOf(price, answer.usage)
  return would_be === undefined ? 0 : would_be - costOfAttempts(task.attempts)
}

/** The tier that a run's answers are held against: its last one, and what the first route of that costs. */
export function topTierOf({ settings, prices }: RunState): TopTier | undefined {
  const [tier, routes] = Object.entries(settings?.tiers ?? {}).at(-1) ?? []
  const [first] = routes ?? []
  return tier === undefined || first === undefined ? undefined : { tier, price: prices.get(priceKey(first)) }
}
