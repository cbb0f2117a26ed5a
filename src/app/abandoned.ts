import { admit } from '../core/admit.ts'
import { errorCode, errorMessage } from '../core/error.ts'
import type { Event } from '../core/events.ts'
import type { Problem } from '../core/problem.ts'
import { reduce } from '../core/reduce.ts'
import type { RunState } from '../core/state.ts'
import { manifestOf } from '../core/views/manifest.ts'
import { endLeftovers } from '../process/leftovers.ts'
import { RUN_VARIABLE } from '../runtime/environment.ts'
import { openEventLog } from '../store/event-log.ts'
import { openManifest } from '../store/manifest-file.ts'
import { closeAccount, openAccounts } from '../store/open-accounts.ts'
import { DamagedLog } from '../store/read-events.ts'
import { runFolder, type RunFolder } from '../store/run-folder.ts'
import { replayRun } from './runs.ts'
import { syncLedger } from './spending.ts'
import type { Workspace } from './workspace.ts'

/**
 * Settles the runs whose conductor was killed, so that what they had under way counts: at what had been set
 * aside, as nobody knows better. The runs can still be taken up. The caller is the workspace's conductor.
 * @param except the run that is being taken up, which settles itself
 * @returns what could not be settled; it is tried again next time
 */
export async function settleAbandoned(workspace: Workspace, except: string | undefined): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const run of await openAccounts(workspace.runs)) {
    if (run === except) continue
    const problem = await settleRun(workspace, runFolder(workspace.runs, run))
    if (problem !== undefined) problems.push(problem)
  }
  return problems
}

async function settleRun(workspace: Workspace, folder: RunFolder): Promise<Problem | undefined> {
  await endLeftovers(RUN_VARIABLE, folder.path)
  try {
    const { state, whole } = await replayRun(folder)
    if (state.phase.phase !== 'empty') {
      await recordEnd(folder, state, whole)
      await syncLedger(workspace, state)
    }
  } catch (error) {
    if (error instanceof DamagedLog) return { file: folder.events, message: `what run ${folder.id} has spent is not all in the ledger: ${errorMessage(error)}` }
    // Somebody has deleted the run: nothing tells any more what it had under way.
    if (errorCode(error) !== 'ENOENT') throw error
  }
  await closeAccount(workspace.runs, folder.id)
  return undefined
}

/** Ends what was under way, in the log and in the manifest. */
async function recordEnd(folder: RunFolder, state: RunState, whole: number): Promise<void> {
  const at = new Date().toISOString()
  const { events } = admit(state, { type: 'abandoned' }, at)
  if (events.length === 0) return
  const log = await openEventLog(folder.events, whole)
  try {
    for (const [index, body] of events.entries()) {
      const more = index < events.length - 1 ? { more: true as const } : {}
      const event: Event = { v: 1, seq: state.seq + 1, at, ...more, ...body }
      log.append(event)
      reduce(state, event)
    }
    await log.durable()
  } finally {
    await log.close()
  }
  await openManifest(folder.manifest, () => manifestOf(state), () => {}).flush()
}
