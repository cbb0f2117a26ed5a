import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { recentRuns } from './runs.ts'
import { openAccounts } from '../store/open-accounts.ts'
import { wantedRuns, wishesFolder } from '../store/recorded-wishes.ts'
import { runFolder } from '../store/run-folder.ts'
import type { Workspace } from './workspace.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** A run that is old enough to go. */
export type OldRun = { id: string; path: string; ended: string }

/**
 * Runs that ended more than so many days ago. A run that can still be resumed, that somebody wants something of, that cannot
 * be read, or whose settlements are not all in the ledger yet is never among them.
 * @param now milliseconds since 1970
 */
export async function oldRuns({ runs }: Workspace, days: number, now: number): Promise<OldRun[]> {
  const all = await recentRuns(runs, Infinity)
  const kept = new Set([...(await openAccounts(runs)), ...(await wantedRuns(runs))])
  return all.flatMap((run) => {
    if ('problem' in run || run.finished_at === null || kept.has(run.job_id) || Date.parse(run.finished_at) > now - days * DAY_MS) return []
    return [{ id: run.job_id, path: runFolder(runs, run.job_id).path, ended: run.finished_at }]
  })
}

/** Deletes runs, and what was wanted of them. One that is gone already is no failure. */
export async function deleteRuns(old: readonly OldRun[]): Promise<void> {
  for (const { id, path } of old) {
    await rm(path, { recursive: true, force: true })
    await rm(wishesFolder(dirname(path), id), { recursive: true, force: true })
  }
}
