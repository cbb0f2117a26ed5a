import type { Run } from '../app/run.ts'
import type { Leaving, Screen } from '../app/screen.ts'
import { reopenRun } from '../app/reopen.ts'
import { liveRun, type Reopen } from '../app/shown-runs/live.ts'
import type { Workspace } from '../app/workspace.ts'
import { errorMessage } from '../core/error.ts'
import type { RunState } from '../core/state.ts'
import { onSignal, QUIT, stayWith, type Signal } from './conduct.ts'
import { narrate } from './narrate.ts'
import { takeTerminal } from './screen-terminal.ts'
import { complain, err } from './terminal.ts'

/**
 * Shows a run on the screen until it is over or left. Where it is over and a person is there, the page stays until they
 * leave it. The terminal has been given back at the end, whatever happened.
 */
export async function runOnScreen(screen: Screen, workspace: Workspace, begin: () => Promise<Run>): Promise<{ run: Run; state: RunState }> {
  const giveBack = takeTerminal(screen)
  try {
    let run = await begin()
    let breakOff: (error: unknown) => void = () => {}
    const broken = new Promise<Leaving>((resolve) => (breakOff = (error) => resolve({ why: 'broken', error })))
    const left = Promise.race([screen.left, broken])
    let fail: (error: unknown) => void = () => {}
    const failed = new Promise<never>((_, reject) => (fail = reject))
    const show = () => {
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
    const leaving = await Promise.race([left, failed, whenOver(run, screen, left)])
    // A run that is being opened again is left once it is open: its log says that it goes on.
    await opening
    const state = leaving === undefined ? await run.finished : await leave(run, leaving, giveBack)
    return { run, state }
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

async function leave(run: Run, leaving: Leaving, giveBack: () => void): Promise<RunState> {
  if (leaving.why === 'broken') {
    giveBack()
    sayBroken(leaving.error)
  }
  const { phase } = run.handle.state.phase
  if (phase === 'closed' || phase === 'stopped') return run.finished
  if (leaving.why === 'broken') return stayWithoutScreen(run)
  // Until that is over all that is said goes to the page, if it is still there: a terminal that nobody reads would hold it up.
  const reason = reasonOf(leaving)
  return ending(async () => {
    await run.handle.send({ type: 'stop', reason })
    return run.finished
  })
}

/** Why a run is stopped, as its log tells it; see `exitCodeOf`. */
export function reasonOf(leaving: Exclude<Leaving, { why: 'broken' }>): Signal | typeof QUIT {
  switch (leaving.why) {
    case 'quit':
      return QUIT
    case 'signal':
      return leaving.signal
    case 'gone':
      return 'SIGHUP'
  }
}

export function sayBroken(error: unknown): void {
  const text = error instanceof Error ? ((process.env['TUTTI_DEBUG'] ? error.stack : undefined) ?? error.message) : errorMessage(error)
  err(`error: the full-screen page broke: ${text}`)
}

async function stayWithoutScreen(run: Run): Promise<RunState> {
  err(GOES_ON)
  const narrator = narrate()
  const unsubscribe = run.handle.subscribe(narrator.listen)
  try {
    return await stayWith(run)
  } finally {
    unsubscribe()
    narrator.end()
  }
}

/** Ends what runs. A signal changes nothing about that any more. */
export async function ending<Result>(end: () => Promise<Result>): Promise<Result> {
  const release = onSignal(() => err(STILL_ENDING))
  try {
    err(STILL_ENDING)
    return await end()
  } finally {
    release()
  }
}

export const GOES_ON = 'the work goes on without it; Ctrl-C leaves'
const STILL_ENDING = 'ending what runs; it takes a few seconds at most'
