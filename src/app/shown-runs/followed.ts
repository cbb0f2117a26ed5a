import { watch, type FSWatcher } from 'node:fs'
import { stat } from 'node:fs/promises'
import { errorMessage } from '../../core/error.ts'
import type { Event } from '../../core/events.ts'
import { reduce } from '../../core/reduce.ts'
import { emptyState } from '../../core/state.ts'
import type { Listener } from '../../runtime/loop.ts'
import { readEvents } from '../../store/read-events.ts'
import type { RunFolder } from '../../store/run-folder.ts'
import type { ShownRun } from '../screen.ts'
import { placeOf } from './place.ts'

/** Not every file system tells of changes. */
const LOOK_MS = 1000
/** A log that grows all the time is read at most this often. */
const GATHER_MS = 50

/**
 * A run that another process conducts: its log is folded as it grows, as long as someone listens. What is not the whole of a
 * step is left for later, so a log that is cut back when the run is taken up again is followed all the same.
 * @param failed is told once why the log cannot be followed any further; the state stays as it was
 */
export async function followedRun(folder: RunFolder, failed: (problem: string) => void): Promise<ShownRun> {
  const state = emptyState()
  const listeners = new Set<Listener>()
  let whole = 0
  let seen = 0
  let stop: (() => void) | undefined
  let reading: Promise<void> = Promise.resolve()

  function take(event: Event): void {
    reduce(state, event)
    for (const listener of listeners) listener(event, state)
  }

  async function read(): Promise<void> {
    const { size } = await stat(folder.events)
    if (size === seen) return
    const content = await readEvents(folder.events, take, { whole, seq: state.seq })
    whole = content.whole
    seen = whole + content.torn
  }

  function follow(): () => void {
    let due: NodeJS.Timeout | undefined
    let watcher: FSWatcher | undefined
    let isOver = false

    function look(): void {
      if (isOver) return
      due ??= setTimeout(() => {
        due = undefined
        reading = reading.then(read).catch(giveUp)
      }, GATHER_MS)
    }

    function giveUp(error: unknown): void {
      end()
      failed(errorMessage(error))
    }

    function end(): void {
      isOver = true
      clearTimeout(due)
      clearInterval(timer)
      watcher?.close()
    }

    const timer = setInterval(look, LOOK_MS).unref()
    try {
      watcher = watch(folder.events, { persistent: false }, look).on('error', () => watcher?.close())
    } catch {
      // The look once a second has to do.
    }
    look()
    return end
  }

  await read()
  return {
    ...placeOf(folder),
    is: 'followed',
    state,
    subscribe: (listener) => {
      listeners.add(listener)
      stop ??= follow()
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        stop?.()
        stop = undefined
      }
    },
    now: () => Date.now(),
  }
}
