import type { Run } from '../app/run.ts'
import type { Screen } from '../app/screen.ts'
import type { Workspace } from '../app/workspace.ts'
import { exitCodeOf, printSummary, stayWith } from './conduct.ts'
import type { ExitCode } from './exit-code.ts'
import { narratorFor, type Face } from './face.ts'
import type { Narrator } from './narrate.ts'
import { runOnScreen } from './run-on-screen.ts'
import { complain } from './terminal.ts'

/** Opens or takes up a run in a workspace; its listeners are told of everything from its first event on. */
export type Begin = (workspace: Workspace, listeners: readonly Narrator['listen'][]) => Promise<Run>

/** Conducts a run to its end, or until a person leaves it, and shows it meanwhile. */
export async function conductRun(face: Face, workspace: Workspace, begin: Begin): Promise<ExitCode> {
  if (face.face === 'screen') return conductOnScreen(await face.open({ workspace, waiting: '' }), workspace, begin)
  const narrator = narratorFor(face.face, workspace.config.screen)
  try {
    const run = await begin(workspace, [narrator.listen])
    complain(run.warnings, 'warning')
    const state = await stayWith(run)
    narrator.end()
    complain(run.late, 'warning')
    if (face.face !== 'json') printSummary(run, state)
    return exitCodeOf(state)
  } finally {
    narrator.end()
  }
}

/** With a person before it a run stays open while it waits for them. */
async function conductOnScreen(screen: Screen, workspace: Workspace, begin: Begin): Promise<ExitCode> {
  const staying = { ...workspace, settings: { ...workspace.settings, when_held: 'stay' as const } }
  const { run, state } = await runOnScreen(screen, staying, () => begin(staying, []))
  complain(run.late, 'warning')
  printSummary(run, state)
  return exitCodeOf(state)
}
