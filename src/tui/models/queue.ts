import type { ShownRun } from '../../app/screen.ts'
import type { Event } from '../../core/events.ts'
import type { RunState } from '../../core/state.ts'
import type { Task } from '../../core/task-state.ts'
import { taskFilter, type TaskFilter } from '../../core/views/filter.ts'
import { queueKey, queueOrder, queuePlace, type QueueKey, type QueuePlace } from '../../core/views/queue-order.ts'
import { clamp } from '../layout.ts'
import type { QueueUi } from '../ui.ts'
import { sortedList, type SortedList } from './sorted-list.ts'
import { touchedBy } from '../../core/views/touched.ts'

/** The queue in its order, kept in step with the run: an event costs the tasks that it is about, a frame what it shows. */
export type QueueModel = {
  touch: (event: Event, state: RunState) => void
  /** Sorts and filters in another way from now on, and takes in what has happened since the last time. */
  arrange: (queue: QueueUi) => void
  /** Ids in the order in which they are shown. */
  ids: () => readonly string[]
  shows: (id: string) => boolean
  /** How many tasks are shown. */
  count: () => number
  /** Some of the ids: what a window shows. */
  slice: (from: number, to: number) => readonly string[]
  /** The row of the first task in a window of so many rows: it moves no further than it takes to keep the selected task in it. */
  window: (selected: string | undefined, rows: number) => number
  /** How many tasks stand at each place, whether they are shown or not. */
  places: () => Readonly<Record<QueuePlace, number>>
  /** How many tasks wait for a person. */
  waiting: () => number
  /** Why the filter cannot be understood. */
  problem: () => string | undefined
  /** The most characters that the id of a task has. */
  longestId: () => number
}

/** Rows that stay in sight above and below the selected one. */
const MARGIN = 1

export function queueModel(run: ShownRun | undefined): QueueModel {
  let state: RunState | undefined
  let how: QueueUi = { filter: '', sort: 'need', reversed: false }
  let filter: TaskFilter = taskFilter('')
  /** What is shown, in order; and where each task stood when it was last taken in. */
  let keys: SortedList<QueueKey> = sortedList([], queueOrder)
  let known = new Map<string, { place: QueuePlace; key: QueueKey | undefined }>()
  let dirty = new Set<string>()
  let places = noPlaces()
  let ids: readonly string[] | undefined
  let first = 0
  let longestId = 0

  const order = (a: QueueKey, b: QueueKey) => (how.reversed ? queueOrder(b, a) : queueOrder(a, b))

  function sortAnew(now: RunState): void {
    state = now
    known = new Map()
    dirty = new Set()
    places = noPlaces()
    keys = sortedList([...now.tasks.values()].flatMap((task) => note(task, now).key ?? []), order)
    ids = undefined
  }

  /** Remembers where a task stands. */
  function note(task: Task, now: RunState): { key: QueueKey | undefined } {
    const { id } = task.spec
    const noted = { place: queuePlace(task.state), key: filter.shows(task) ? queueKey(task, now, how.sort) : undefined }
    known.set(id, noted)
    places[noted.place]++
    longestId = Math.max(longestId, id.length)
    return noted
  }

  /** Takes a task out of its old place and puts it into its new one. */
  function takeIn(id: string, now: RunState): void {
    const before = known.get(id)
    if (before !== undefined) places[before.place]--
    if (before?.key !== undefined) keys.remove(before.key)
    known.delete(id)
    const task = now.tasks.get(id)
    const key = task === undefined ? undefined : note(task, now).key
    if (key !== undefined) keys.add(key)
  }

  return {
    touch: (event, now) => {
      const touched = touchedBy(event, now)
      if (touched === 'all') state = undefined
      else for (const id of touched) dirty.add(id)
    },
    arrange: (next) => {
      const now = run?.state
      const isSame = next.filter === how.filter && next.sort === how.sort && next.reversed === how.reversed
      if (next.filter !== how.filter) filter = taskFilter(next.filter)
      how = next
      if (now === undefined) return
      // Where most have changed, moving them one by one costs more than sorting.
      if (!isSame || state !== now || dirty.size > now.tasks.size / 4) return sortAnew(now)
      if (dirty.size === 0) return
      for (const id of dirty) takeIn(id, now)
      dirty.clear()
      ids = undefined
    },
    ids: () => (ids ??= keys.slice(0, keys.length).map(({ id }) => id)),
    shows: (id) => known.get(id)?.key !== undefined,
    count: () => keys.length,
    slice: (from, to) => keys.slice(from, to).map(({ id }) => id),
    window: (selected, rows) => {
      const key = selected === undefined ? undefined : known.get(selected)?.key
      if (key !== undefined) {
        const at = keys.indexOf(key)
        const margin = Math.min(MARGIN, Math.floor((rows - 1) / 2))
        first = clamp(first, at + margin - rows + 1, at - margin)
      }
      first = clamp(first, 0, keys.length - rows)
      return first
    },
    places: () => places,
    waiting: () => places.question + places.approval + places.review + places.quota + places.money + places.budget + places.paused,
    problem: () => filter.problem,
    longestId: () => longestId,
  }
}

function noPlaces(): Record<QueuePlace, number> {
  return { question: 0, approval: 0, review: 0, quota: 0, money: 0, running: 0, ready: 0, retry: 0, budget: 0, paused: 0, waiting: 0, failed: 0, blocked: 0, cancelled: 0, skipped: 0, complete: 0 }
}
