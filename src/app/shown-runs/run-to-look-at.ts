import type { RunFolder } from '../../store/run-folder.ts'
import { conductorOf } from '../lock.ts'
import type { ShownRun } from '../screen.ts'
import type { Workspace } from '../workspace.ts'
import { followedRun } from './followed.ts'
import { recordedRun } from './recorded.ts'

/**
 * A run that this process does not conduct, read-only: followed where another process may conduct it, else as its log left it.
 * Throws `DamagedLog` when that cannot be understood.
 * @param failed is told why a run can be followed no further
 */
export async function runToLookAt(workspace: Workspace, folder: RunFolder, failed: (problem: string) => void): Promise<ShownRun> {
  const pid = await conductorOf(workspace)
  const recorded = await recordedRun(folder)
  const { phase } = recorded.state.phase
  const isOpen = phase === 'open' || phase === 'stopping'
  return isOpen && pid !== undefined && pid !== process.pid ? followedRun(folder, failed) : recorded
}
