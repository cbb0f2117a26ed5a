import { createConductor } from '../app/conductor.ts'
import { watchTasks, type Watch } from '../app/watch.ts'
import type { Workspace } from '../app/workspace.ts'
import type { Event } from '../core/events.ts'
import { printSummary } from './conduct.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { narratorFor, type Spoken } from './face.ts'
import type { DoorOptions } from './open-doors.ts'
import { SIGNAL_EXIT, signalOf } from './signals.ts'
import { headless, withDoors } from './steered.ts'
import { complain, err, errWrapped } from './terminal.ts'

/** How a person answers is told at each gate; how money comes once for each limit, and who is asked for a quota whenever it is used up. */
function tellHowToGoOn(): (event: Event) => void {
  const told = new Set<string>()
  const tellQuota = (task: string, providers: readonly string[]) => {
    const names = providers.join(', ')
    if (!told.has(names)) errWrapped(`what waits for the quota of ${names} goes on once that is asked again: tutti approve ${task}`)
    told.add(names)
  }
  return (event) => {
    if (event.type === 'provider.back') told.clear()
    if (event.type !== 'gate.opened') return
    if (event.gate === 'question') return errWrapped(`"${event.task}" asks: tutti inbox says what, and how to answer`)
    if (event.gate === 'quota') return tellQuota(event.task, event.providers ?? [])
    if (event.gate !== 'budget') return errWrapped(`"${event.task}" waits for you: tutti approve ${event.task}, or tutti reject ${event.task}`)
    const { limit = 'price' } = event
    if (!told.has(limit)) errWrapped(HOW_MONEY_COMES[limit])
    told.add(limit)
  }
}

const HOW_MONEY_COMES = {
  day: 'what waits for money goes on when the day turns, or when config.json allows more',
  month: 'what waits for money goes on when the month turns, or when config.json allows more',
  run: 'this run may spend no more; files that it has not begun go into another one',
  project: 'what waits for money goes on when its limit is raised in config.json',
  task: 'a task that waits for money of its own goes on when its limit is raised',
  price: 'what waits for its price goes on when config.json names that',
} as const

/** Watches the workspace until it is stopped, and tells what happens line by line. */
export async function watchInLines(workspace: Workspace, spoken: Spoken, doors: DoorOptions): Promise<ExitCode> {
  const narrator = narratorFor(spoken, workspace.config.screen)
  let fail: (error: unknown) => void = () => {}
  const failed = new Promise<never>((_, reject) => (fail = reject))
  let end: (reason: string) => void = () => {}
  const ended = new Promise<string>((resolve) => (end = resolve))
  let watching: Watch | undefined
  const conductor = createConductor({
    workspace,
    reopen: async (run, intent) => watching?.reopen(run, intent),
    open: async (loaded) => watching?.add(loaded),
    stop: (how, by) => void watching?.stop(how, by).then(() => end(by), fail),
  })
  try {
    watching = await watchTasks(workspace, {
      listeners: [narrator.listen, tellHowToGoOn()],
      began: conductor.began,
      over: (run, state) => {
        narrator.end()
        complain(run.late, 'warning')
        if (spoken !== 'json') printSummary(run, state)
      },
      problems: (problems, kind) => complain(problems, kind),
      failed: fail,
    })
    const { ready } = watching
    const stopped = Promise.race([ended, failed])
    const watch = async () => {
      await Promise.race([ready, stopped])
      err(`watching ${workspace.tasks}; drop task files there; Ctrl-C or tutti stop ends it`)
      return stopped
    }
    const reason = await headless(conductor, withDoors(conductor, doors, watch))
    const signal = signalOf(reason)
    return signal === undefined ? EXIT.done : SIGNAL_EXIT[signal]
  } catch (error) {
    // What runs is not left behind, whatever broke.
    await watching?.stop('now', 'the watch failed').catch(() => {})
    throw error
  }
}
