import { openLogReader, type LogReader, type LogText } from '../../app/log-reader.ts'
import type { ShownRun } from '../../app/screen.ts'
import type { Event } from '../../core/events.ts'
import type { RunState } from '../../core/state.ts'
import { patternOf } from '../lines/found.ts'
import { searchLog, type LogSearch } from './log-search.ts'

/** The log of an attempt at one moment. */
export type ShownLog = {
  text: LogText
  /** When a byte came, in ms since 1970, where that is known. */
  timeOf: (byte: number) => number | undefined
}

/** The logs that the screen shows, read where one looks; nothing else of what tasks say is kept. */
export type LogModel = {
  touch: (event: Event, state: RunState) => void
  /** Tasks that run now, in the order in which they began. */
  running: () => readonly string[]
  /**
   * The log of an attempt; as it stood at a moment (ms since 1970) where one is named. Whoever draws is told when more
   * comes, and shows it again then. Good for this frame: of logs that were not shown lately the files are closed.
   */
  show: (task: string, attempt: number, at?: number) => ShownLog
  /** What a search in a shown log has found so far; undefined where nothing is searched for. */
  search: (task: string, attempt: number, words: string) => LogSearch | undefined
  close: () => void
}

/** How often shown logs are looked at for more, in ms. */
const LOOK_MS = 100
/** Logs that are kept open: the combined log shows all that runs. */
const KEPT_OPEN = 72

export function logModel(run: ShownRun | undefined, changed: () => void): LogModel {
  /** Those that were shown last come last. */
  const open = new Map<string, LogReader>()
  /** Logs shown since whoever draws was last told, and how long they were then. */
  const shown = new Map<string, number>()
  const running = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let search: { key: string; words: string; found: LogSearch } | undefined

  for (const [id, { state }] of run?.state.tasks ?? []) if (state.status === 'running') running.add(id)

  function readerOf(task: string, attempt: number): { key: string; reader: LogReader } {
    if (run === undefined) throw new Error('bug: without a run there are no logs')
    const key = `${task}.${attempt}`
    const reader = open.get(key) ?? openLogReader(run.folder, task, attempt, () => endOf(run, task, attempt))
    open.delete(key)
    open.set(key, reader)
    const [oldest] = open.keys()
    if (open.size > KEPT_OPEN && oldest !== undefined) {
      open.get(oldest)?.close()
      open.delete(oldest)
    }
    return { key, reader }
  }

  /** A run that is played has said nothing yet of what comes later. */
  function textOf(reader: LogReader, at?: number): LogText {
    return reader.text(run?.is === 'replayed' ? Math.min(at ?? Number.POSITIVE_INFINITY, run.now()) : at)
  }

  /** Tells whoever draws once; the next drawing shows again what is to be looked at. */
  function look(): void {
    timer = undefined
    for (const [key, size] of shown) {
      if (open.get(key)?.size() === size) continue
      shown.clear()
      return changed()
    }
    timer = setTimeout(look, LOOK_MS)
    timer.unref()
  }

  return {
    touch: (event, state) => {
      if (!('task' in event) || typeof event.task !== 'string') return
      if (state.tasks.get(event.task)?.state.status === 'running') running.add(event.task)
      else running.delete(event.task)
    },
    running: () => [...running].filter((task) => run?.state.tasks.get(task)?.state.status === 'running'),
    show: (task, attempt, at) => {
      const { key, reader } = readerOf(task, attempt)
      shown.set(key, reader.size())
      if (timer === undefined) {
        timer = setTimeout(look, LOOK_MS)
        timer.unref()
      }
      return { text: textOf(reader, at), timeOf: reader.timeOf }
    },
    search: (task, attempt, words) => {
      const { key, reader } = readerOf(task, attempt)
      const text = textOf(reader)
      if (search?.key !== key || search.words !== words) {
        search?.found.close()
        const pattern = patternOf(words)
        search = pattern === undefined ? undefined : { key, words, found: searchLog(text, pattern, changed) }
      }
      search?.found.look(text)
      return search?.found
    },
    close: () => {
      clearTimeout(timer)
      search?.found.close()
      for (const reader of open.values()) reader.close()
      open.clear()
    },
  }
}

/** When an attempt ended, in ms since 1970; what is played has all of its end before it. */
function endOf({ is, state }: ShownRun, task: string, attempt: number): number | undefined {
  const ended = state.tasks.get(task)?.attempts.find((one) => one.attempt === attempt)?.ended_at
  if (ended !== undefined) return Date.parse(ended)
  return is === 'replayed' ? Number.POSITIVE_INFINITY : undefined
}
