import type { EarlierTask, Plan } from '../core/plan.ts'
import type { Manifest } from '../core/views/manifest.ts'
import { recentRuns } from './runs.ts'

/** How many runs are looked through, newest first. */
const MOST_RUNS = 50

/**
 * Finds dependencies that no task of the plan meets among the tasks that earlier runs completed: files
 * that are dropped one after the other build on each other, whether the run between them has closed or not.
 * @param isKnown whether the open run has a task of this id
 */
export async function withEarlierTasks(runs: string, plan: Plan, isKnown: (id: string) => boolean): Promise<Plan> {
  const own = new Set(plan.tasks.map(({ id }) => id))
  const missing = new Set(plan.tasks.flatMap(({ depends_on }) => depends_on).filter((id) => !own.has(id) && !isKnown(id)))
  if (missing.size === 0) return plan
  const earlier: EarlierTask[] = []
  for (const manifest of await recentRuns(runs, MOST_RUNS)) {
    if ('problem' in manifest) continue
    for (const id of missing) {
      const found = completed(manifest, id)
      if (found === undefined) continue
      earlier.push(found)
      missing.delete(id)
    }
  }
  return { ...plan, earlier }
}

function completed({ job_id, tasks, files }: Manifest, id: string): EarlierTask | undefined {
  const task = tasks.find((entry) => entry.id === id && entry.status === 'complete')
  if (task === undefined) return undefined
  const output = files.find(({ path }) => path === task.output)
  if (output === undefined) return { id, title: task.title, run: job_id }
  const { sha256, size, media_type, written } = output
  return { id, title: task.title, run: job_id, output: { path: `../${job_id}/${output.path}`, sha256, size, media_type, written } }
}
