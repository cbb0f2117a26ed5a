import { admit } from '../core/admit.ts'
import { errorCode, errorMessage } from '../core/error.ts'
import { stamped, type Event } from '../core/events.ts'
import type { Problem } from '../core/problem.ts'
import { reduce } from '../core/reduce.ts'
import { emptyState, type RunState } from '../core/state.ts'
import { manifestText } from '../core/views/manifest.ts'
import { endLeftovers } from '../process/leftovers.ts'
import { RUN_VARIABLE } from '../runtime/environment.ts'
import { openEventLog } from '../store/event-log.ts'
import { openManifest } from '../store/manifest-file.ts'
import { closeAccount, openAccounts } from '../store/open-accounts.ts'
import { DamagedLog, readEvents } from '../store/read-events.ts'
import { runFolder, type RunFolder } from '../store/run-folder.ts'
import { syncLedger } from './ledger-keeper.ts'
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
  const state = emptyState()
  const problem = await endRun(folder, state)
  // What can be read of a damaged log counts as far as it goes.
  if (state.phase.phase !== 'empty') await syncLedger(workspace, state)
  if (problem === undefined) await closeAccount(workspace.runs, folder.id)
  return problem
}

/**
 * Replays a run and ends what it had under way, in its log and its manifest.
 * @param state empty; afterwards it is the run's
 */
async function endRun(folder: RunFolder, state: RunState): Promise<Problem | undefined> {
  try {
    const { whole } = await readEvents(folder.events, (event) => reduce(state, event))
    const events = end(state)
    if (events.length > 0) await appendEvents(folder, state, events, whole)
    return undefined
  } catch (error) {
    // Somebody has deleted the run: nothing tells any more what it had under way.
    if (errorCode(error) === 'ENOENT') return undefined
    if (!(error instanceof DamagedLog)) throw error
    end(state)
    return { file: folder.events, message: `what run ${folder.id} has spent may not all be in the ledger: ${errorMessage(error)}` }
  }
}

/** The events that end what is under way, taken into the state. */
function end(state: RunState): Event[] {
  const at = new Date().toISOString()
  if (state.phase.phase === 'empty') return []
  const events = stamped(admit(state, { type: 'abandoned' }, at).events, state.seq, at)
  for (const event of events) reduce(state, event)
  return events
}

async function appendEvents(folder: RunFolder, state: RunState, events: readonly Event[], whole: number): Promise<void> {
  const log = await openEventLog(folder.events, whole)
  try {
    for (const event of events) log.append(event)
    await log.durable()
  } finally {
    await log.close()
  }
  await openManifest(folder.manifest, () => manifestText(state), () => {}).flush()
}
