import { eventsAbout } from '../../app/logs.ts'
import { previewFile, type Preview } from '../../app/preview.ts'
import { allRunIds, runHead } from '../../app/run-heads.ts'
import type { ShownRun } from '../../app/screen.ts'
import type { Workspace } from '../../app/workspace.ts'
import { errorMessage } from '../../core/error.ts'
import { taskOfEvent, type Event } from '../../core/events.ts'
import type { ManifestHead } from '../../core/views/manifest.ts'
import { asked } from './asked.ts'

/** A run as a list tells it, or why it cannot be told. */
export type RunEntry = ManifestHead | { problem: string }

/** What pages read from disk: asked for when it is shown first, and kept as long as it is true. Undefined: it has not come yet. */
export type Lookups = {
  touch: (event: Event) => void
  /** Of the runs that are known so far, newest first. */
  runIds: () => readonly string[]
  run: (id: string) => RunEntry | undefined
  /** @param path relative to the run's folder @param version another one when the file has changed */
  preview: (path: string, version: string) => Preview | undefined
  /** What happened to a task, up to the moment that is shown. */
  events: (task: string) => readonly Event[] | undefined
}

/** Ms after which what may change is looked up again. */
const SOON = 5_000
const FOR_EVER = Number.POSITIVE_INFINITY

/** Newest events that are kept: the log on disk may not hold them yet. */
const NEWEST = 500
/** Tasks whose events are known. */
const HISTORIES = 20
/** The events of a task that the log held when it was read, and those that have come since. */
type History = { logged: readonly Event[]; since: readonly Event[] }

export function createLookups(workspace: Workspace, run: ShownRun | undefined, changed: () => void): Lookups {
  const { runs } = workspace
  let newest: Event[] = []
  const following = new Map<string, Event[]>()
  const ids = asked({ read: () => allRunIds(runs).catch(() => []), most: 1, lasts: () => SOON, changed })
  const heads = asked<RunEntry>({
    read: (id) => runHead(runs, id).catch((error: unknown) => ({ problem: errorMessage(error) })),
    most: 500,
    lasts: (head) => ('problem' in head || head.status === 'running' ? SOON : FOR_EVER),
    changed,
  })
  const previews = asked<Preview>({
    read: async (key) => (run === undefined ? { is: 'unreadable', why: 'there is no run' } : previewFile(workspace, run.folder, key.slice(key.indexOf(' ') + 1))),
    most: 20,
    lasts: () => FOR_EVER,
    changed,
  })
  const histories = asked<History>({
    read: async (task) => {
      // What comes while the log is read is not missed.
      const since = newest.filter((event) => taskOfEvent(event) === task)
      following.delete(task)
      following.set(task, since)
      for (const oldest of following.keys()) if (following.size > HISTORIES) following.delete(oldest)
      return { logged: run === undefined ? [] : await eventsAbout(run.folder, task).catch(() => []), since }
    },
    most: HISTORIES,
    lasts: () => FOR_EVER,
    changed,
  })

  return {
    touch: (event) => {
      newest.push(event)
      if (newest.length > 2 * NEWEST) newest = newest.slice(-NEWEST)
      const task = taskOfEvent(event)
      if (task !== undefined) following.get(task)?.push(event)
    },
    runIds: () => ids('') ?? [],
    run: heads,
    preview: (path, version) => previews(`${version} ${path}`),
    events: (task) => {
      const history = histories(task)
      return history === undefined ? undefined : eventsUpTo(history, run?.state.seq ?? 0)
    },
  }
}

/** @param last the number of the last event that is shown */
function eventsUpTo({ logged, since }: History, last: number): Event[] {
  const read = logged.at(-1)?.seq ?? 0
  return [...logged, ...since.filter(({ seq }) => seq > read)].filter(({ seq }) => seq <= last)
}
