import { withEarlierTasks } from '../app/earlier-tasks.ts'
import { loadPlan, type LoadedPlan, type Loading } from '../app/plans.ts'
import { unpricedRoutes, validateHere } from '../app/validate.ts'
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

/** The same for what is to be run: it also warns of routes whose price is not known, and counts all warnings. */
export async function loadToRun(...given: Parameters<typeof loadChecked>): Promise<{ loaded: LoadedPlan; warnings: number } | undefined> {
  const [workspace] = given
  const loaded = await loadChecked(...given)
  if (loaded === undefined) return undefined
  const unpriced = await unpricedRoutes(workspace, loaded.plan)
  complain(unpriced, 'warning')
  return { loaded, warnings: workspace.warnings.length + loaded.warnings.length + unpriced.length }
}

/** A name that stands in no task file was most likely misspelt. */
function unusedParams(loading: Loading, params: Readonly<Record<string, string>>): Problem[] {
  if (loading.result === 'broken') return []
  const texts = [...loading.loaded.contents.values()].map((bytes) => Buffer.from(bytes).toString('utf8'))
  const unused = Object.keys(params).filter((name) => !texts.some((text) => text.toLowerCase().includes(name.toLowerCase())))
  return unused.map((name) => ({ file: '--param', message: `no task file mentions "${name}"` }))
}
