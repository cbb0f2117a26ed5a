import { firstWhere } from '../../core/bisect.ts'
import type { Event } from '../../core/events.ts'
import type { Mark } from '../../core/views/scrubber.ts'

/** A longer wait between two steps is played as if it had been this long, in ms of the run's time: a night is played in minutes. */
const LONGEST_WAIT_MS = 5000

/** More marks than a bar has columns are not told apart. */
const MARKED_PLACES = 400

/** A run's steps, and when each is played. */
export type Timeline = {
  events: readonly Event[]
  /** How many events there are up to the end of each step. */
  ends: readonly number[]
  /** When each step happened, in ms since 1970; a clock that was set back does not turn time round. */
  at: readonly number[]
  /** When each step is played, in ms since the first one, long waits shortened. */
  played: readonly number[]
  marks: readonly Mark[]
}

export function timelineOf(events: readonly Event[]): Timeline {
  const ends: number[] = []
  const at: number[] = []
  const played: number[] = []
  for (const [index, event] of events.entries()) {
    if (event.more === true) continue
    const before = at.at(-1) ?? 0
    const now = Math.max(before, Date.parse(event.at))
    played.push(ends.length === 0 ? 0 : (played.at(-1) ?? 0) + Math.min(now - before, LONGEST_WAIT_MS))
    ends.push(index + 1)
    at.push(now)
  }
  return { events: events.slice(0, ends.at(-1) ?? 0), ends, at, played, marks: marksOf(events, ends, played) }
}

/** How many steps had happened at a moment. @param times of the steps, in their order */
export function stepsUntil(times: readonly number[], moment: number): number {
  return firstWhere(times.length, (index) => (times[index] ?? Infinity) > moment)
}

function marksOf(events: readonly Event[], ends: readonly number[], played: readonly number[]): Mark[] {
  const total = played.at(-1) ?? 0
  const marks = new Map<number, Mark>()
  let step = 0
  for (const [index, event] of events.entries()) {
    if (index >= (ends[step] ?? Infinity)) step++
    const is = markOf(event)
    const time = played[step]
    if (is === undefined || time === undefined) continue
    const place = total === 0 ? 0 : Math.round((time / total) * MARKED_PLACES)
    // What failed is looked for more often than what was decided.
    if (is === 'failed' || !marks.has(place)) marks.set(place, { at: place / MARKED_PLACES, is })
  }
  return [...marks.values()]
}

const DECIDED: ReadonlySet<Event['type']> = new Set(['gate.answered', 'run.paused', 'run.unpaused', 'task.paused', 'task.unpaused', 'task.ending'])

function markOf(event: Event): Mark['is'] | undefined {
  if (event.type !== 'task.ended') return DECIDED.has(event.type) ? 'decided' : undefined
  if (event.status === 'failed' || event.status === 'incomplete') return 'failed'
  return event.asked_by === undefined ? undefined : 'decided'
}
