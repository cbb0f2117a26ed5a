import type { ShownRun } from '../app/screen.ts'
import type { Event } from '../core/events.ts'
import type { RunState } from '../core/state.ts'
import { reasonOf } from '../core/views/task-entry.ts'

/** Calls for a person when a task begins to wait for one. */
export type GateBell = {
  /** Rings for this run from now on, and for no other. */
  watch: (run: ShownRun) => void
  close: () => void
}

export type GateBellParts = {
  /** Rings, with these words. */
  ring: (text: string) => void
  /** Another program has the terminal: what happens meanwhile is told once it is back. */
  isAway: () => boolean
}

/** Gates that open together are told together. */
const GATHER_MS = 100
/** Milliseconds between two rings. */
const QUIET_MS = 1000

export function createGateBell({ ring, isAway }: GateBellParts): GateBell {
  /** What waits and was not told yet, in words, by its task. */
  const untold = new Map<string, string>()
  let timer: NodeJS.Timeout | undefined
  let rungAt = -Infinity
  let unsubscribe: (() => void) | undefined

  function tell(): void {
    timer = undefined
    if (untold.size === 0) return
    if (isAway()) return ringIn(QUIET_MS)
    const [first = ''] = untold.values()
    ring(untold.size === 1 ? first : `${untold.size} tasks wait for you`)
    rungAt = performance.now()
    untold.clear()
  }

  function ringIn(ms: number): void {
    timer ??= setTimeout(tell, ms).unref()
  }

  function opened(task: string, state: RunState): void {
    const found = state.tasks.get(task)
    const reason = found === undefined ? undefined : reasonOf(found, state)
    untold.set(task, `"${task}" ${reason ?? 'waits for you'}`)
    ringIn(Math.max(GATHER_MS, rungAt + QUIET_MS - performance.now()))
  }

  function listen(event: Event, state: RunState): void {
    if (event.type === 'gate.opened') opened(event.task, state)
    // Who answers, through whatever door, need not be called any more.
    else if (event.type === 'gate.answered' || event.type === 'gate.lifted' || event.type === 'task.ended') untold.delete(event.task)
  }

  function forget(): void {
    unsubscribe?.()
    unsubscribe = undefined
    clearTimeout(timer)
    timer = undefined
    untold.clear()
  }

  return {
    watch: (run) => {
      forget()
      // What is played or over waits for nobody.
      if (run.is !== 'live' && run.is !== 'followed') return
      unsubscribe = run.subscribe(listen)
      // A run of our own may have come to a gate before it could be shown.
      if (run.is === 'live') for (const [id, task] of run.state.tasks) if (task.state.status === 'held' && task.state.gate !== 'paused') opened(id, run.state)
    },
    close: forget,
  }
}
