import type { Intent } from '../core/intents.ts'
import type { Listener } from '../runtime/loop.ts'
import { resumeRun, type Run } from './run.ts'
import { replayRun } from './runs.ts'
import type { Workspace } from './workspace.ts'

/** Opens a run that is over again, with what a person wants of it: the first that its log tells from now on. */
export async function reopenRun(workspace: Workspace, run: Run, intent: Intent, listeners: readonly Listener[]): Promise<Run> {
  // Until then not all of it is on disk.
  await run.finished
  return resumeRun(workspace, run.folder, await replayRun(run.folder), listeners, { begin: [intent] })
}
