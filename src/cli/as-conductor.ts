import { asConductor } from '../app/lock.ts'
import type { Workspace } from '../app/workspace.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { err, keepGoingUnheard } from './terminal.ts'

/** Does something as the workspace's only conductor, or complains that there is one already. */
export async function conductAlone(workspace: Workspace, work: () => Promise<ExitCode>): Promise<ExitCode> {
  keepGoingUnheard()
  const conducted = await asConductor(workspace, work)
  if ('result' in conducted) return conducted.result
  err(`error: ${conducted.problem}`)
  return EXIT.invalid
}
