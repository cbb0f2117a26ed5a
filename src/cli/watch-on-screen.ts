import type { Run } from '../app/run.ts'
import type { Leaving, Screen } from '../app/screen.ts'
import type { Reopen } from '../app/shown-runs/live.ts'
import { watchTasks, type Watch } from '../app/watch.ts'
import type { Workspace } from '../app/workspace.ts'
import type { RunState } from '../core/state.ts'
import { exitCodeOf, firstSignal, printSummary, QUIT, SIGNAL_EXIT } from './conduct.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { narrate } from './narrate.ts'
import { ending, GOES_ON, reasonOf, sayBroken, showLive } from './run-on-screen.ts'
import { takeTerminal } from './screen-terminal.ts'
import { complain, err } from './terminal.ts'

/** Watches the workspace, and shows each run on the screen while it is open and until the next one begins. */
export async function watchOnScreen(screen: Screen, workspace: Workspace): Promise<ExitCode> {
  const giveBack = takeTerminal(screen)
  const narrator = narrate(workspace.config.screen)
  let isSpoken = false
  let last: { run: Run; state: RunState } | undefined
  let breakOff: (error: unknown) => void = () => {}
  const broken = new Promise<Leaving>((resolve) => (breakOff = (error) => resolve({ why: 'broken', error })))
  let fail: (error: unknown) => void = () => {}
  const failed = new Promise<never>((_, reject) => (fail = reject))
  let watching: Watch | undefined
  const reopen: Reopen = async (run, intent) => watching?.reopen(run, intent)
  try {
    watching = await watchTasks(workspace, {
      listeners: [(event, state) => isSpoken && narrator.listen(event, state)],
      began: (run) => {
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
    const leaving = await Promise.race([screen.left, broken, failed])
    if (leaving.why === 'broken') {
      giveBack()
      isSpoken = true
      sayBroken(leaving.error)
      err(GOES_ON)
      const signal = await Promise.race([firstSignal(), failed])
      await watching.stop(signal)
      return SIGNAL_EXIT[signal]
    }
    const reason = reasonOf(leaving)
    const { stop } = watching
    await ending(() => stop(reason))
    giveBack()
    if (last !== undefined) printSummary(last.run, last.state)
    if (reason !== QUIT) return SIGNAL_EXIT[reason]
    return last?.state.phase.phase === 'stopped' ? exitCodeOf(last.state) : EXIT.done
  } catch (error) {
    // What runs is not left behind, whatever broke.
    await watching?.stop('the watch failed').catch(() => {})
    throw error
  } finally {
    giveBack()
  }
}
