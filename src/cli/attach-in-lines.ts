import { followConductor } from '../app/follow-conductor.ts'
import { conductedRun, type ControlClient } from '../app/handed-in/reach-conductor.ts'
import { stateOfRun } from '../app/runs.ts'
import type { Workspace } from '../app/workspace.ts'
import { countsText } from '../core/views/rows.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { narratorFor, type Spoken } from './face.ts'
import { err, keepGoingUnheard, out } from './terminal.ts'

/** Tells what a conductor does from now on, until it is gone. */
export async function attachInLines(workspace: Workspace, client: ControlClient, spoken: Spoken): Promise<ExitCode> {
  keepGoingUnheard()
  const now = await conductedRun(client)
  if ('problem' in now) {
    err(`error: ${now.problem}`)
    return EXIT.failed
  }
  const place = now.run === undefined ? undefined : { run: now.run, seq: now.seq }
  if (spoken !== 'json') await tellStanding(workspace, place?.run)
  const narrator = narratorFor(spoken)
  for await (const { event, state } of followConductor(workspace, client, place, new AbortController().signal)) narrator.listen(event, state)
  narrator.end()
  err('the conductor is gone')
  return EXIT.done
}

async function tellStanding({ runs }: Workspace, run: string | undefined): Promise<void> {
  if (run === undefined) return out('a conductor waits here for task files; tutti add hands them in')
  const state = await stateOfRun(runs, run)
  if (!('problem' in state)) out(`run ${run} of ${state.project}: ${countsText(state.counts)}`)
}
