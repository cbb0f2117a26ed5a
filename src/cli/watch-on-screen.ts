import { createConductor } from '../app/conductor.ts'
import type { Run } from '../app/run.ts'
import type { Leaving, Screen } from '../app/screen.ts'
import type { Reopen } from '../app/shown-runs/live.ts'
import { watchTasks, type Watch } from '../app/watch.ts'
import type { Workspace } from '../app/workspace.ts'
import type { RunState } from '../core/state.ts'
import { exitCodeOf, printSummary } from './conduct.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { narrate } from './narrate.ts'
import type { DoorOptions } from './open-doors.ts'
import { ending, goOnUnseen, GOES_ON, isHungUp, leaveRunning, sayBroken, showLive, stopOf } from './run-on-screen.ts'
import { takeTerminal } from './screen-terminal.ts'
import { SIGNAL_EXIT, signalOf } from './signals.ts'
import { headless, withDoors } from './steered.ts'
import { complain, err } from './terminal.ts'

/** Watches the workspace, and shows each run on the screen while it is open and until the next one begins. */
export async function watchOnScreen(screen: Screen, workspace: Workspace, doors: DoorOptions): Promise<ExitCode> {
  const giveBack = takeTerminal(screen)
  const narrator = narrate()
  let isSpoken = false
  let last: { run: Run; state: RunState } | undefined
  let breakOff: (error: unknown) => void = () => {}
  const broken = new Promise<Leaving>((resolve) => (breakOff = (error) => resolve({ why: 'broken', error })))
  let fail: (error: unknown) => void = () => {}
  const failed = new Promise<never>((_, reject) => (fail = reject))
  let end: (reason: string) => void = () => {}
  const ended = new Promise<string>((resolve) => (end = resolve))
  let watching: Watch | undefined
  const reopen: Reopen = async (run, intent) => watching?.reopen(run, intent)
  const conductor = createConductor({
    workspace,
    reopen,
    open: async (loaded) => watching?.add(loaded),
    stop: (how, by) => void watching?.stop(how, by).then(() => end(by), fail),
  })

  /** What was left, and what it means to the shell. */
  function exitCode(reason: string): ExitCode {
    const signal = signalOf(reason)
    if (signal !== undefined) return SIGNAL_EXIT[signal]
    return last?.state.phase.phase === 'stopped' ? exitCodeOf(last.state) : EXIT.done
  }

  async function goOnWithout(): Promise<ExitCode> {
    isSpoken = true
    return exitCode(await headless(conductor, Promise.race([ended, failed])))
  }

  try {
    watching = await watchTasks(workspace, {
      listeners: [(event, state) => isSpoken && narrator.listen(event, state)],
      began: (run) => {
        conductor.began(run)
        if (!isSpoken) showLive(screen, run, breakOff, reopen)
      },
      over: (run, state) => {
        last = { run, state }
        complain(run.late, 'warning')
        if (!isSpoken) return
        narrator.end()
        printSummary(run, state)
      },
      problems: (problems, kind) => complain(problems, kind),
      failed: fail,
    })
    return await withDoors(conductor, doors, async () => {
      const leaving = await Promise.race([screen.left, broken, failed, ended.then((reason) => ({ why: 'stopped' as const, reason }))])
      if (leaving.why === 'stopped') {
        giveBack()
        if (last !== undefined) printSummary(last.run, last.state)
        return exitCode(leaving.reason)
      }
      if (leaving.why === 'broken') {
        giveBack()
        sayBroken(leaving.error)
        err(GOES_ON)
        return goOnWithout()
      }
      if (isHungUp(leaving)) {
        goOnUnseen(conductor, giveBack)
        return goOnWithout()
      }
      if (leaving.why === 'quit' && leaving.how !== 'now') {
        await leaveRunning(conductor, leaving.how, giveBack)
        return goOnWithout()
      }
      const { how, reason } = stopOf(leaving)
      await ending(conductor, how, reason, () => Promise.race([ended, failed]))
      giveBack()
      if (last !== undefined) printSummary(last.run, last.state)
      return exitCode(reason)
    })
  } catch (error) {
    // What runs is not left behind, whatever broke.
    await watching?.stop('now', 'the watch failed').catch(() => {})
    throw error
  } finally {
    giveBack()
  }
}
