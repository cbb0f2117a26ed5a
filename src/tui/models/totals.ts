import type { ShownRun } from '../../app/screen.ts'
import type { Event } from '../../core/events.ts'
import type { RunState } from '../../core/state.ts'
import { paceOf } from '../../core/views/pace.ts'
import { savedOn } from '../../core/views/savings.ts'
import { touchedBy } from '../../core/views/touched.ts'

/** What a run's tasks come to together, kept in step with them. */
export type Totals = {
  touch: (event: Event, state: RunState) => void
  /** Micro-dollars that starting cheap has saved, as far as it can be told. */
  saved: () => number
  /** Ms until nothing is left to do; undefined while too little is known. @param now ms since 1970 */
  left: (now: number) => number | undefined
}

export function totalsOf(run: ShownRun | undefined): Totals {
  let state: RunState | undefined
  let pace = paceOf()
  let savings = new Map<string, number>()
  let saved = 0
  let dirty = new Set<string>()

  function takeIn(now: RunState, ids: Iterable<string>): void {
    for (const id of ids) {
      const task = now.tasks.get(id)
      if (task === undefined) continue
      pace.take(task)
      const own = savedOn(task, now)
      saved += own - (savings.get(id) ?? 0)
      if (own === 0) savings.delete(id)
      else savings.set(id, own)
    }
    dirty.clear()
  }

  /** Takes in what has happened since the last time. */
  function catchUp(): void {
    const now = run?.state
    if (now === undefined) return
    if (state === now) return takeIn(now, dirty)
    state = now
    pace = paceOf()
    savings = new Map()
    saved = 0
    takeIn(now, now.tasks.keys())
  }

  return {
    touch: (event, now) => {
      const touched = touchedBy(event, now)
      if (touched === 'all') state = undefined
      else for (const id of touched) dirty.add(id)
    },
    saved: () => {
      catchUp()
      return saved
    },
    left: (now) => {
      catchUp()
      return run === undefined ? undefined : pace.left(run.state, now)
    },
  }
}
