import { setTimeout as sleep } from 'node:timers/promises'
import { runsOf } from '../app/follow-conductor.ts'
import { reachConductor, type ControlClient } from '../app/handed-in/reach-conductor.ts'
import type { OpenScreen, Screen, ShownRun } from '../app/screen.ts'
import { attachedRun } from '../app/shown-runs/attached.ts'
import { recordedRun } from '../app/shown-runs/recorded.ts'
import type { Workspace } from '../app/workspace.ts'
import { errorMessage } from '../core/error.ts'
import type { ExitCode } from './exit-code.ts'
import { exitOfLooking } from './left-looking.ts'
import { takeTerminal } from './screen-terminal.ts'
import { keepGoingUnheard } from './terminal.ts'

/** What is shown until there is a run to show, which may be a moment or as long as nobody hands anything in. */
const WAITING = `looking for a run
Where none is open, the conductor waits for task files: tutti add FILE`

/** How often it is looked whether there is a conductor again. */
const LOOK_MS = 1000

/** Shows the run that a conductor has open, and each that it opens after it. Leaving it changes nothing about the work. */
export async function attachOnScreen(open: OpenScreen, workspace: Workspace, client: ControlClient, by: string): Promise<ExitCode> {
  keepGoingUnheard()
  const screen = await open({ workspace, waiting: WAITING })
  const giveBack = takeTerminal(screen)
  const isLeft = new AbortController()
  try {
    stayWithConductors(screen, workspace, client, by, isLeft.signal).catch((error: unknown) => screen.tell(errorMessage(error), 'error'))
    return exitOfLooking(await screen.left)
  } finally {
    isLeft.abort()
    giveBack()
  }
}

async function stayWithConductors(screen: Screen, workspace: Workspace, first: ControlClient, by: string, signal: AbortSignal): Promise<void> {
  for (let client: ControlClient | undefined = first; client !== undefined; client = await nextConductor(workspace, by, signal)) {
    if (client !== first) screen.tell('there is a conductor again', 'note')
    const last = await showRuns(screen, workspace, client, signal)
    if (signal.aborted) return
    screen.tell('the conductor is gone: nothing goes on for now, and the run can be read; to go on: tutti resume, or tutti watch', 'warning')
    if (last !== undefined) screen.show(await recordedRun(last))
  }
}

/** @returns the last of them, when the conductor is gone */
async function showRuns(screen: Screen, workspace: Workspace, client: ControlClient, signal: AbortSignal): Promise<ShownRun['folder'] | undefined> {
  let shown: ShownRun['folder'] | undefined
  for await (const folder of runsOf(workspace, client, signal)) {
    const run = await attachedRun(client, folder, (problem) => screen.tell(problem, 'error'))
    if (signal.aborted) return undefined
    shown = folder
    screen.show(run)
  }
  return shown
}

async function nextConductor(workspace: Workspace, by: string, signal: AbortSignal): Promise<ControlClient | undefined> {
  while (!signal.aborted) {
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {})
    const reached = await reachConductor(workspace, { by, door: 'screen' })
    if (reached !== undefined && !('problem' in reached)) return reached
  }
  return undefined
}
