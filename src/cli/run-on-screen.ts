import { createConductor, graceOf, stopIntent, type Conductor, type StopHow } from '../app/conductor.ts'
import type { Run } from '../app/run.ts'
import type { HowToLeave, Leaving, Screen } from '../app/screen.ts'
import { reopenRun } from '../app/reopen.ts'
import { liveRun, type Reopen } from '../app/shown-runs/live.ts'
import type { Workspace } from '../app/workspace.ts'
import { errorMessage } from '../core/error.ts'
import type { RunState } from '../core/state.ts'
import { speakIntoLog } from './conductor-log.ts'
import { QUIT } from './conduct.ts'
import { narrate } from './narrate.ts'
import type { DoorOptions } from './open-doors.ts'
import { takeTerminal } from './screen-terminal.ts'
import { goIntoBackground } from './shell-job.ts'
import { onSignal, type Signal } from './signals.ts'
import { headless, withDoors } from './steered.ts'
import { complain, err, keepGoingUnheard } from './terminal.ts'

/**
 * Shows a run on the screen until it is over or left. Where it is over and a person is there, the page stays until they
 * leave it. The terminal has been given back at the end, whatever happened.
 */
export async function runOnScreen(screen: Screen, workspace: Workspace, begin: () => Promise<Run>, doors: DoorOptions): Promise<{ run: Run; state: RunState }> {
  const giveBack = takeTerminal(screen)
  try {
    let run = await begin()
    let breakOff: (error: unknown) => void = () => {}
    const broken = new Promise<Leaving>((resolve) => (breakOff = (error) => resolve({ why: 'broken', error })))
    const left = Promise.race([screen.left, broken])
    let fail: (error: unknown) => void = () => {}
    const failed = new Promise<never>((_, reject) => (fail = reject))
    const conductor = createConductor({ workspace, reopen: (which, intent) => reopen(which, intent), stop: (how, by) => void run.handle.send(stopIntent(how, by, graceOf(workspace))) })
    const show = () => {
      conductor.began(run)
      run.finished.catch(fail)
      complain(run.warnings, 'warning')
      showLive(screen, run, breakOff, reopen)
    }
    /** Several tasks may be wanted again at once: the first opens the run, the others join it. */
    let opening: Promise<unknown> = Promise.resolve()
    const reopen: Reopen = (_, intent) => {
      const opened = opening.then(async () => {
        if (run.handle.state.phase.phase !== 'closed') return run.handle.send(intent)
        run = await reopenRun(workspace, run, intent, [])
        show()
        return undefined
      })
      opening = opened.catch(() => {})
      return opened
    }
    show()
    return await withDoors(conductor, doors, async () => {
      const leaving = await Promise.race([left, failed, whenOver(run, screen, left)])
      // A run that is being opened again is left once it is open: its log says that it goes on.
      await opening
      const state = leaving === undefined ? await run.finished : await leave(run, conductor, leaving, giveBack)
      return { run, state }
    })
  } finally {
    giveBack()
  }
}

/** A bug that shows while the screen is told of the run is the screen's, too. */
export function showLive(screen: Screen, run: Run, broken: (error: unknown) => void, reopen: Reopen): void {
  try {
    screen.show(liveRun(run, broken, reopen))
  } catch (error) {
    broken(error)
  }
}

/** Nothing, once the run is over and nobody looks. */
async function whenOver(run: Run, screen: Screen, left: Promise<Leaving>): Promise<Leaving | undefined> {
  await run.finished
  return screen.isAttended ? left : undefined
}

async function leave(run: Run, conductor: Conductor, leaving: Leaving, giveBack: () => void): Promise<RunState> {
  if (leaving.why === 'broken') {
    giveBack()
    sayBroken(leaving.error)
  }
  const { phase } = run.handle.state.phase
  if (phase === 'closed' || phase === 'stopped') return run.finished
  if (leaving.why === 'broken') {
    err(GOES_ON)
    return stayWithoutScreen(run, conductor)
  }
  if (isHungUp(leaving)) {
    goOnUnseen(conductor, giveBack)
    return stayWithoutScreen(run, conductor)
  }
  if (leaving.why === 'quit' && leaving.how !== 'now') {
    await leaveRunning(conductor, leaving.how, giveBack)
    return stayWithoutScreen(run, conductor)
  }
  // Until that is over all that is said goes to the page, if it is still there: a terminal that nobody reads would hold it up.
  const { how, reason } = stopOf(leaving)
  return ending(conductor, how, reason, () => run.finished)
}

/** A line that drops, or a window that is shut, ends what is shown, and not the work. */
export function isHungUp(leaving: Leaving): boolean {
  return leaving.why === 'gone' || (leaving.why === 'signal' && leaving.signal === 'SIGHUP')
}

/** The page is gone, and with it whoever looked: from here on the conductor speaks into its log. */
export function goOnUnseen({ workspace }: Conductor, giveBack: () => void): void {
  // Until the page is closed its own handlers catch the signals, of which another one may come.
  process.on('SIGHUP', () => {})
  keepGoingUnheard()
  giveBack()
  speakIntoLog(workspace)
  err('the terminal is gone, and the work goes on')
}

/** A person wants to go, and the work to go on: by itself in the background, or to the end of what runs. */
export async function leaveRunning(conductor: Conductor, how: Exclude<HowToLeave, 'now'>, giveBack: () => void): Promise<void> {
  giveBack()
  if (how === 'drain') {
    err('what runs comes to its end, and nothing more is started; Ctrl-C interrupts it')
    conductor.stop('drain', QUIT)
    return
  }
  err(`the work goes on in the background (process ${process.pid}): tutti attach shows it, tutti stop ends it`)
  process.on('SIGHUP', () => {})
  keepGoingUnheard()
  speakIntoLog(conductor.workspace)
  await goIntoBackground()
}

/** How a run is stopped when its page is left, and why, as its log tells it; see `exitCodeOf`. */
export function stopOf(leaving: Leaving): { how: StopHow; reason: Signal | typeof QUIT } {
  switch (leaving.why) {
    case 'quit':
      return { how: 'now', reason: QUIT }
    case 'signal':
      return { how: leaving.signal === 'SIGTERM' ? 'grace' : 'now', reason: leaving.signal }
    case 'gone':
    case 'broken':
      throw new Error(`bug: a page that is ${leaving.why} stops nothing`)
  }
}

export function sayBroken(error: unknown): void {
  const text = error instanceof Error ? ((process.env['TUTTI_DEBUG'] ? error.stack : undefined) ?? error.message) : errorMessage(error)
  err(`error: the full-screen page broke: ${text}`)
}

async function stayWithoutScreen(run: Run, conductor: Conductor): Promise<RunState> {
  const narrator = narrate()
  const unsubscribe = run.handle.subscribe(narrator.listen)
  try {
    return await headless(conductor, run.finished)
  } finally {
    unsubscribe()
    narrator.end()
  }
}

/** Ends what runs. A signal while it does means that whoever sent it does not want to wait. */
export async function ending<Result>(conductor: Conductor, how: StopHow, reason: string, end: () => Promise<Result>): Promise<Result> {
  const release = onSignal((signal) => conductor.stop('now', signal))
  try {
    err(how === 'now' ? STILL_ENDING : 'what runs comes to its end first; Ctrl-C interrupts it')
    conductor.stop(how, reason)
    return await end()
  } finally {
    release()
  }
}

export const GOES_ON = 'the work goes on without it; Ctrl-C leaves'
const STILL_ENDING = 'ending what runs; it takes a few seconds at most'
