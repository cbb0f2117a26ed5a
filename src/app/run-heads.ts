import type { Manifest, ManifestHead } from '../core/views/manifest.ts'
import { readManifestHead } from '../store/manifest-file.ts'
import { listRunIds, runFolder } from '../store/run-folder.ts'
import { manifestOfRun } from './runs.ts'

/** The ids of all runs, newest first. */
export async function allRunIds(runs: string): Promise<string[]> {
  return (await listRunIds(runs)).toReversed()
}

/**
 * What a list of runs tells of one, as its manifest on disk says: a run that was killed may have come a little further.
 * One without a manifest is read from its events. Throws when they cannot be understood.
 */
export async function runHead(runs: string, id: string): Promise<ManifestHead> {
  const folder = runFolder(runs, id)
  return (await readManifestHead(folder.manifest)) ?? headOf(await manifestOfRun(folder))
}

function headOf({ job_id, project, status, started_at, duration_s, stopped, seq, cost_micro_usd, counts, task_files }: Manifest): ManifestHead {
  return { job_id, project, status, started_at, duration_s, ...(stopped === undefined ? {} : { stopped }), seq, cost_micro_usd, counts, task_files }
}
