import { watchTasks } from '../app/watch.ts'
import type { Workspace } from '../app/workspace.ts'
import type { Event } from '../core/events.ts'
import { firstSignal, printSummary, SIGNAL_EXIT } from './conduct.ts'
import type { ExitCode } from './exit-code.ts'
import { narratorFor, type Spoken } from './face.ts'
import { complain, err, errWrapped } from './terminal.ts'

/** There is no door to a conductor that runs, yet. How money comes is told once for each limit. */
function tellHowToGoOn(): (event: Event) => void {
  const told = new Set<string>()
  return (event) => {
    if (event.type !== 'gate.opened') return
    if (event.gate === 'approval') return errWrapped(`"${event.task}" waits for approval: leave with Ctrl-C, then say yes with: tutti watch --yes`)
    const { limit = 'price' } = event
    if (!told.has(limit)) errWrapped(HOW_MONEY_COMES[limit])
    told.add(limit)
  }
}

const READ_ANEW = 'a change of config.json is read when tutti watch is started again'
const HOW_MONEY_COMES = {
  day: `what waits for money goes on when the day turns; ${READ_ANEW}`,
  month: `what waits for money goes on when the month turns; ${READ_ANEW}`,
  run: 'this run may spend no more; files that it has not begun go into another one',
  project: `what waits for money goes on when the limit is raised; ${READ_ANEW}`,
  task: `a task that waits for money of its own goes on when its limit is raised; ${READ_ANEW}`,
  price: `what waits for its price goes on when that is known; ${READ_ANEW}`,
} as const

/** Watches the workspace until a signal comes, and tells what happens line by line. */
export async function watchInLines(workspace: Workspace, spoken: Spoken): Promise<ExitCode> {
  const narrator = narratorFor(spoken, workspace.config.screen)
  let fail: (error: unknown) => void = () => {}
  const failed = new Promise<never>((_, reject) => (fail = reject))
  const watching = await watchTasks(workspace, {
    listeners: [narrator.listen, tellHowToGoOn()],
    over: (run, state) => {
      narrator.end()
      complain(run.late, 'warning')
      if (spoken !== 'json') printSummary(run, state)
    },
    problems: (problems, kind) => complain(problems, kind),
    failed: fail,
  })
  const signalled = firstSignal()
  try {
    await Promise.race([watching.ready, failed])
    err(`watching ${workspace.tasks}; drop task files there, Ctrl-C leaves`)
    const signal = await Promise.race([signalled, failed])
    await watching.stop(signal)
    return SIGNAL_EXIT[signal]
  } catch (error) {
    // What runs is not left behind, whatever broke.
    await watching.stop('the watch failed').catch(() => {})
    throw error
  }
}
