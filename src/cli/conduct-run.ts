import { createConductor, graceOf, stopIntent } from '../app/conductor.ts'
import type { Run } from '../app/run.ts'
import type { Screen } from '../app/screen.ts'
import type { Workspace } from '../app/workspace.ts'
import type { Refusal } from '../core/intents.ts'
import type { RunState } from '../core/state.ts'
import { exitCodeOf, printSummary } from './conduct.ts'
import type { ExitCode } from './exit-code.ts'
import { narratorFor, type Face } from './face.ts'
import type { Narrator } from './narrate.ts'
import type { DoorOptions } from './open-doors.ts'
import { runOnScreen } from './run-on-screen.ts'
import { headless, withDoors } from './steered.ts'
import { complain } from './terminal.ts'

/** Opens or takes up a run in a workspace; its listeners are told of everything from its first event on. */
export type Begin = (workspace: Workspace, listeners: readonly Narrator['listen'][]) => Promise<Run>

/** Conducts a run to its end, or until a person leaves it, and shows it meanwhile. */
export async function conductRun(face: Face, workspace: Workspace, begin: Begin, doors: DoorOptions): Promise<ExitCode> {
  if (face.face === 'screen') return conductOnScreen(await face.open({ workspace, waiting: '' }), workspace, begin, doors)
  const narrator = narratorFor(face.face, workspace.config.screen)
  try {
    const run = await begin(workspace, [narrator.listen])
    complain(run.warnings, 'warning')
    const state = await stayWith(run, workspace, doors)
    narrator.end()
    complain(run.late, 'warning')
    if (face.face !== 'json') printSummary(run, state)
    return exitCodeOf(state)
  } finally {
    narrator.end()
  }
}

/** Stays with a run until it is over. */
async function stayWith(run: Run, workspace: Workspace, doors: DoorOptions): Promise<RunState> {
  const conductor = createConductor({ workspace, reopen: () => Promise.resolve(overAlready(run)), stop: (how, by) => void run.handle.send(stopIntent(how, by, graceOf(workspace))) })
  conductor.began(run)
  return headless(conductor, withDoors(conductor, doors, () => run.finished))
}

/** By the time that this comes the process is about to end. */
function overAlready({ path }: Run): Refusal {
  return { problems: [{ file: path, message: 'the run is over' }], later: true }
}

/** With a person before it a run stays open while it waits for them. */
async function conductOnScreen(screen: Screen, workspace: Workspace, begin: Begin, doors: DoorOptions): Promise<ExitCode> {
  const staying = { ...workspace, settings: { ...workspace.settings, when_held: 'stay' as const } }
  const { run, state } = await runOnScreen(screen, staying, () => begin(staying, []), doors)
  complain(run.late, 'warning')
  printSummary(run, state)
  return exitCodeOf(state)
}
