import { copyState } from '../../core/copy-state.ts'
import { reduce } from '../../core/reduce.ts'
import { emptyState, type RunState } from '../../core/state.ts'
import type { Event } from '../../core/events.ts'

/** A checkpoint holds every task: there are few of them. */
const MOST_CHECKPOINTS = 24
/** So many events are folded in no time. */
const FEWEST_EVENTS = 1000

/**
 * Any moment of a run: the state after so many of its events, made anew each time. A few checkpoints are kept, so that the
 * last moment costs no more than the first.
 */
export function momentsOf(events: readonly Event[]): (count: number) => RunState {
  const distance = Math.max(FEWEST_EVENTS, Math.ceil(events.length / MOST_CHECKPOINTS))
  const checkpoints: RunState[] = []
  const state = emptyState()
  for (const [index, event] of events.entries()) {
    if (index % distance === 0) checkpoints.push(copyState(state))
    reduce(state, event)
  }
  return (count) => {
    const place = Math.min(checkpoints.length - 1, Math.floor(count / distance))
    const from = checkpoints[place]
    if (from === undefined) return emptyState()
    const made = copyState(from)
    for (const event of events.slice(place * distance, count)) reduce(made, event)
    return made
  }
}
