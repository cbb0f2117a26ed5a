import type { Plan } from '../core/plan.ts'
import type { Problem } from '../core/problem.ts'
import { priceKey, unknownPriceAdvice } from '../core/price.ts'
import { chooseRoute, isAgent, possibleRoutes } from '../core/route.ts'
import { validatePlan } from '../core/validate-plan.ts'
import { needsModel } from '../providers/registry.ts'
import { priceOf } from './prices.ts'
import type { Workspace } from './workspace.ts'

/** What would keep a plan from running here: its graph, its routes, and what their providers lack. */
export function validateHere(workspace: Workspace, plan: Plan): Problem[] {
  const problems = validatePlan(plan, workspace.settings)
  return problems.length > 0 ? problems : lackingProviders(workspace, plan)
}

/** Routes that tasks of a plan may come to take and whose price is not known, each told once. */
export async function unpricedRoutes(workspace: Workspace, { tasks }: Plan): Promise<Problem[]> {
  const { settings } = workspace
  const routes = new Map(tasks.flatMap((spec) => possibleRoutes(spec, settings)).map((route) => [priceKey(route), route]))
  const warnings: Problem[] = []
  for (const route of routes.values()) {
    if ((await priceOf(workspace, route)) !== undefined) continue
    const advice = unknownPriceAdvice(route, isAgent(settings, route.provider))
    warnings.push({ file: 'config.json', message: `${advice}; until then its tasks will be held` })
  }
  return warnings
}

/** Told once for each provider: it is the provider that has to be mended, not its tasks. */
function lackingProviders({ settings, providers, unset }: Workspace, { tasks }: Plan): Problem[] {
  const lacking = new Map<string, Problem>()
  for (const spec of tasks) {
    const route = chooseRoute(spec, settings)
    if ('problem' in route || lacking.has(route.provider)) continue
    const { provider, model } = route
    const message = whatIsMissing(unset.get(provider), model === undefined && needsModel(providers[provider]?.type ?? ''))
    if (message === undefined) continue
    lacking.set(provider, { file: spec.file, line: spec.line, message: `the provider "${provider}" cannot run "${spec.id}": ${message}` })
  }
  return [...lacking.values()]
}

function whatIsMissing(variables: readonly string[] | undefined, model: boolean): string | undefined {
  if (variables !== undefined) return `${variables.join(', ')} is not set; put it into the environment or .env`
  return model ? 'no model is named; give it one with --model, in the task, or in config.json' : undefined
}
