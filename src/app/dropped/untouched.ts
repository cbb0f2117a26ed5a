import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RunFile, RunState } from '../../core/state.ts'
import { loadPlan, type LoadedPlan } from '../plans.ts'
import type { Workspace } from '../workspace.ts'

/** What has become of a dropped file of which nothing has run, while nobody conducted its run. */
export type Dropped = { file: string; is: 'taken'; reason: string } | { file: string; is: 'changed'; loaded: LoadedPlan }

/** Statuses that say that another run has been through with a file. */
const ENDED: ReadonlySet<string> = new Set(['complete', 'incomplete', 'failed'])

/** Looks at the dropped files of a run that is to be taken up, as far as nothing of them has run. */
export async function droppedSince(workspace: Workspace, state: RunState): Promise<Dropped[]> {
  const found: Dropped[] = []
  for (const file of untouchedFiles(state)) {
    const dropped = await lookAt(workspace, file)
    if (dropped !== undefined) found.push(dropped)
  }
  return found
}

/** Dropped files of which nothing has run, and that are still to be run. */
export function untouchedFiles({ files }: RunState): RunFile[] {
  return [...files.values()].filter(({ inbox, attempts, left }) => inbox && attempts === 0 && left > 0)
}

async function lookAt(workspace: Workspace, { file, path, content_sha256 }: RunFile): Promise<Dropped | undefined> {
  const absolute = join(workspace.dir, path)
  if (!existsSync(absolute)) return { file, is: 'taken', reason: `${file} is no longer there: it was deleted, or another run has taken it` }
  const loading = await loadPlan(workspace, [absolute], {})
  // What cannot be read is told by whoever runs it next; this run holds what it was.
  if (loading.result === 'broken') return undefined
  const { loaded } = loading
  const status = [...loaded.statuses.values()][0]
  if (status !== undefined && ENDED.has(status.toLowerCase())) return { file, is: 'taken', reason: `${file} is marked ${status}: another run has been through with it` }
  return loaded.plan.files[0]?.content_sha256 === content_sha256 ? undefined : { file, is: 'changed', loaded }
}
