import { withEarlierTasks } from '../app/earlier-tasks.ts'
import { loadPlan, type LoadedPlan, type Loading } from '../app/plans.ts'
import { validateHere } from '../app/validate.ts'
import type { Workspace } from '../app/workspace.ts'
import type { Problem } from '../core/problem.ts'
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
  complain(unusedParams(loading, params), 'warning')
  if (loading.result === 'broken') {
    complain(loading.problems)
    return undefined
  }
  const plan = await withEarlierTasks(workspace.runs, loading.loaded.plan, () => false)
  const problems = validateHere(workspace, plan)
  complain(problems)
  return problems.length === 0 ? { ...loading.loaded, plan } : undefined
}

/** A name that stands in no task file was most likely misspelt. */
function unusedParams(loading: Loading, params: Readonly<Record<string, string>>): Problem[] {
  if (loading.result === 'broken') return []
  const texts = [...loading.loaded.contents.values()].map((bytes) => Buffer.from(bytes).toString('utf8'))
  const unused = Object.keys(params).filter((name) => !texts.some((text) => text.toLowerCase().includes(name.toLowerCase())))
  return unused.map((name) => ({ file: '--param', message: `no task file mentions "${name}"` }))
}
