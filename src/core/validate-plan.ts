import { admitPlan } from './admit-plan.ts'
import type { Plan } from './plan.ts'
import type { Problem } from './problem.ts'
import { emptyState } from './state.ts'
import type { Settings } from './settings.ts'

/** What an empty run would say to this plan: nothing, or why it refuses it. */
export function validatePlan(plan: Plan, settings: Settings): Problem[] {
  const state = emptyState()
  state.settings = settings
  return admitPlan(state, plan).refusal?.problems ?? []
}
