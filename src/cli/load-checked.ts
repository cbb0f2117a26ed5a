import { withEarlierTasks } from '../app/earlier-tasks.ts'
import { loadPlan, type LoadedPlan } from '../app/plans.ts'
import type { Workspace } from '../app/workspace.ts'
import { validatePlan } from '../core/validate-plan.ts'
import { complain } from './terminal.ts'

/** Reads and validates a plan, and complains about all that is wrong with it. */
export async function loadChecked(
  workspace: Workspace,
  paths: readonly string[],
  params: Readonly<Record<string, string>>,
): Promise<LoadedPlan | undefined> {
  const loading = await loadPlan(workspace, paths, params)
  const warnings = loading.result === 'plan' ? loading.loaded.warnings : loading.warnings
  complain([...workspace.warnings, ...warnings], 'warning')
  if (loading.result === 'broken') {
    complain(loading.problems)
    return undefined
  }
  const plan = await withEarlierTasks(workspace.runs, loading.loaded.plan, () => false)
  const problems = validatePlan(plan, workspace.settings)
  complain(problems)
  return problems.length === 0 ? { ...loading.loaded, plan } : undefined
}
