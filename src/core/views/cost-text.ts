import { formatUsd, plural } from '../units.ts'
import type { CostReport } from './cost.ts'

/** What a verified success has cost, as a sentence. */
export function verifiedText({ verified, tasks_unknown }: CostReport): string {
  const gone = tasks_unknown === 0 ? '' : `; ${plural(tasks_unknown, 'task')} of deleted runs left out`
  if (verified === undefined) return `no task is verified yet: complete, with all of its checks passed, by a model and not in a rehearsal${gone}`
  const { tasks, spent_micro_usd, per_task_micro_usd } = verified
  const success = `${plural(tasks, 'task')} complete with all of them passed`
  return `${formatUsd(per_task_micro_usd)} for each verified success: ${formatUsd(spent_micro_usd)} spent on tasks with checks, ${success}${gone}`
}

/** What starting cheap has saved, as sentences; none where there is nothing to compare. */
export function savingsTexts({ top_tier, top_tier_unpriced }: CostReport): string[] {
  const unpriced = top_tier_unpriced === undefined ? [] : [`what starting cheap has saved cannot be told: the tier ${top_tier_unpriced} has no price by tokens`]
  if (top_tier === undefined) return unpriced
  const { tier, tasks, spent_micro_usd, would_be_micro_usd, saved_micro_usd } = top_tier
  const compared = `${formatUsd(spent_micro_usd)} instead of about ${formatUsd(would_be_micro_usd)} had ${plural(tasks, 'task')} gone to the tier ${tier} at once`
  return [...unpriced, `${saved_micro_usd < 0 ? 'lost' : 'saved'} about ${formatUsd(Math.abs(saved_micro_usd))} by starting cheap, an estimate: ${compared}`]
}
