import type { Intent, Refusal } from '../core/intents.ts'
import type { Problem } from '../core/problem.ts'
import type { Submitted } from '../runtime/loop.ts'
import { withEarlierTasks } from './earlier-tasks.ts'
import { loadPlan, type LoadedPlan } from './plans.ts'
import type { Run } from './run.ts'
import type { Reopen } from './shown-runs/live.ts'
import type { Workspace } from './workspace.ts'

/** How a conductor is to stop. `drain`: what runs may come to its end first; `grace`: for some seconds; `now`: it is interrupted. */
export type StopHow = 'drain' | 'grace' | 'now'

/** A conductor that works, as doors to it see it. */
export type Conductor = {
  readonly workspace: Workspace
  /** The run that is open, or was the last; none before the first. */
  readonly run: Run | undefined
  /** Calls back with each run that is opened or taken up from now on. Call the result to end that. */
  onRun: (call: (run: Run) => void) => () => void
  /**
   * Hands in what a person wants of the run. Resolves when it is decided on, and what it caused is on disk.
   * @param key what was done under this key before, in this run, is not done again: its events are told once more
   */
  submit: (intent: Intent, key?: string) => Promise<Submitted>
  /** Takes task files into the open run, or opens one with them. @param paths absolute */
  add: (paths: readonly string[]) => Promise<Submitted>
  /** Leaves, once. A second wish makes it leave at once. @param by who wants it, as the run's log tells it */
  stop: (how: StopHow, by: string) => void
}

/** Why a run was stopped that a person ended through a door; their name follows. */
export const STOPPED_BY = 'stopped by '

type Parts = {
  workspace: Workspace
  /** Opens a run that is over again, with what is wanted of it. */
  reopen: Reopen
  /** Opens a run with these, where none is open; absent where a conductor has one run only. */
  open?: (loaded: LoadedPlan) => Promise<Refusal | undefined>
  stop: (how: StopHow, by: string) => void
}

/** A conductor to be, and the way to tell it of its runs. */
export function createConductor({ workspace, reopen, open, stop }: Parts): Conductor & { began: (run: Run) => void } {
  const listeners = new Set<(run: Run) => void>()
  let current: Run | undefined

  return {
    workspace,
    get run() {
      return current
    },
    onRun: (call) => {
      listeners.add(call)
      return () => void listeners.delete(call)
    },
    began: (run) => {
      current = run
      for (const call of listeners) call(run)
    },
    submit: async (intent, key) => {
      if (current === undefined) return refused([{ file: 'runs', message: 'no run is open' }])
      const isOver = current.handle.state.phase.phase === 'closed'
      return isOver && intent.type === 'retry' ? submitted(await reopen(current, intent)) : current.handle.submit(intent, key)
    },
    add: async (paths) => {
      const loading = await loadPlan(workspace, paths, {})
      if (loading.result === 'broken') return refused(loading.problems)
      const { phase, tasks } = current?.handle.state ?? { phase: { phase: 'closed' as const }, tasks: new Map<string, unknown>() }
      const isOpen = phase.phase === 'open'
      const loaded = { ...loading.loaded, plan: await withEarlierTasks(workspace.runs, loading.loaded.plan, (id) => isOpen && tasks.has(id)) }
      if (isOpen && current !== undefined) return current.add(loaded)
      return open === undefined ? refused([{ file: 'runs', message: 'the run is over, and this conductor has one only' }], true) : submitted(await open(loaded))
    },
    stop,
  }
}

function submitted(refusal: Refusal | undefined): Submitted {
  return { refusal, events: [], before: undefined }
}

function refused(problems: Problem[], later = false): Submitted {
  return submitted({ problems, later })
}

/** The intent by which a run is stopped. @param grace_ms how long what runs has, where it has some time */
export function stopIntent(how: StopHow, by: string, grace_ms: number): Extract<Intent, { type: 'stop' }> {
  switch (how) {
    case 'drain':
      return { type: 'stop', reason: by, drain: {} }
    case 'grace':
      return { type: 'stop', reason: by, drain: { grace_ms } }
    case 'now':
      return { type: 'stop', reason: by }
  }
}

/** How long what runs has to come to its end when it is stopped, in ms. */
export function graceOf({ config }: Pick<Workspace, 'config'>): number {
  return config.execution.stop_grace_s * 1000
}
