import { runFolder, type RunFolder } from '../store/run-folder.ts'
import { createBell } from './bell.ts'
import type { Conductor } from './conductor.ts'
import { openEventFeed, type EventFeed } from './event-feed.ts'
import type { Run } from './run.ts'
import { allRunIds } from './run-heads.ts'

/** An event among those of all runs. */
export type EventPlace = { run: string; seq: number }

/** Some events of a run, one after the other. */
type EventBatch = { run: string; events: { seq: number; text: string }[] }

/**
 * The events of one run after the other, as a reader sees them who stays while runs come and go. Runs come in the order in
 * which they were conducted: one that is opened again comes once more, with what has happened since.
 */
export type EventChain = {
  /** The end of the run that is open, or was the last; undefined before the first. */
  last: () => Promise<EventPlace | undefined>
  /** Why nobody can go on from a place: there is no such run, or no such event in it. */
  cannotGoOnFrom: (place: EventPlace) => Promise<string | undefined>
  /**
   * All events behind a place, and all that come, until it is given up. Each reader takes at its own pace: what it
   * has not taken is not kept for it.
   * @param from absent: from the beginning of the run that is open, or was the last; of the first that comes where there is none
   * @param characters of a batch, about
   */
  follow: (from: EventPlace | undefined, characters: number, signal: AbortSignal) => AsyncGenerator<EventBatch>
  /** Events of one run behind a number, as far as they are in its log. */
  read: (run: string, seq: number, characters: number) => Promise<EventBatch['events']>
  close: () => void
}

/** A stretch of a run. */
type Stretch = {
  feed: EventFeed
  run: string
  /** Its events follow this one, */
  from: number
  /** and this is the last of them, once another stretch has followed. */
  to: number | undefined
  /** How far the run had come when it was taken up. */
  begun: number
  /** Until another one has followed. */
  live: Run | undefined
}

/** Logs of runs that are over and were asked for lately: to find a place in one, it is read once. */
const KEPT_FEEDS = 4

export function chainEvents(conductor: Conductor): EventChain {
  const { runs } = conductor.workspace
  const bell = createBell()
  const stretches: Stretch[] = []
  const old = new Map<string, EventFeed>()
  let readers = 0

  function begin(run: Run): void {
    const before = stretches.at(-1)
    if (before !== undefined) {
      before.to = before.live?.handle.state.seq ?? before.feed.seq
      before.live = undefined
    }
    const from = stretches.findLast((stretch) => stretch.run === run.id)?.to ?? 0
    const feed = openEventFeed(run.folder, bell)
    stretches.push({ feed, run: run.id, from, to: undefined, begun: run.handle.state.seq, live: run })
    const unsubscribe = run.handle.subscribe(({ seq }) => readers > 0 && feed.expect(seq))
    const over = () => {
      unsubscribe()
      feed.rest()
    }
    run.finished.then(over, over)
    bell.ring()
  }

  /** A run of before this conductor, or one of before the last few. */
  function oldFeed(folder: RunFolder): EventFeed {
    const feed = old.get(folder.id) ?? openEventFeed(folder, bell)
    old.delete(folder.id)
    old.set(folder.id, feed)
    const [oldest] = old.keys()
    if (old.size > KEPT_FEEDS && oldest !== undefined) old.delete(oldest)
    return feed
  }

  function feedOf(run: string): EventFeed {
    return stretches.findLast((stretch) => stretch.run === run)?.feed ?? oldFeed(runFolder(runs, run))
  }

  /** Where the reader of a run that nobody conducts here goes on: it is read to its end, and so are those that came after it. */
  async function oldStretches(run: string): Promise<Stretch[]> {
    const conducted = new Set(stretches.map((stretch) => stretch.run))
    const first = stretches[0]?.run ?? ''
    const isBetween = (id: string) => id >= run && (id < first || run > first)
    const ids = (await allRunIds(runs)).filter((id) => isBetween(id) && !conducted.has(id)).toReversed()
    return ids.map((id) => ({ feed: oldFeed(runFolder(runs, id)), run: id, from: 0, to: Number.POSITIVE_INFINITY, begun: 0, live: undefined }))
  }

  /** Where a reader begins with a stretch who has been through another run before: not again with what a run had been that was opened anew. */
  async function beginningOf({ feed, run, from, begun }: Stretch, before: string | undefined): Promise<number> {
    if (from > 0 || before === undefined || before <= run) return from
    await feed.look()
    return feed.takenUpAfter(begun)
  }

  async function* follow(from: EventPlace | undefined, characters: number, signal: AbortSignal): AsyncGenerator<EventBatch> {
    readers++
    try {
      let before: string | undefined
      if (from !== undefined && !stretches.some(({ run }) => run === from.run)) {
        for (const stretch of await oldStretches(from.run)) {
          yield* through(stretch, stretch.run === from.run ? from.seq : 0, characters, signal)
          before = stretch.run
        }
      }
      const meant = stretches.findIndex(({ run, to }) => run === from?.run && from.seq <= (to ?? Number.POSITIVE_INFINITY))
      let at = meant >= 0 ? meant : from === undefined ? Math.max(0, stretches.length - 1) : 0
      let seq = meant >= 0 ? from?.seq : from === undefined ? 0 : undefined
      while (!signal.aborted) {
        const stretch = stretches[at]
        const { rings } = bell
        if (stretch === undefined) await bell.wait(rings, signal)
        else {
          yield* through(stretch, seq ?? (await beginningOf(stretch, before)), characters, signal)
          before = stretch.run
          seq = undefined
          at++
        }
      }
    } finally {
      readers--
    }
  }

  /** A stretch to its end: for one that nothing has followed yet, to the end of the waiting. */
  async function* through(stretch: Stretch, from: number, characters: number, signal: AbortSignal): AsyncGenerator<EventBatch> {
    let seq = from
    await stretch.feed.look()
    stretch.feed.expect(stretch.live?.handle.state.seq ?? 0)
    while (!signal.aborted) {
      const { rings } = bell
      const { to } = stretch
      const events = await stretch.feed.after(seq, to ?? Number.POSITIVE_INFINITY, characters)
      if (events.length > 0) {
        yield { run: stretch.run, events }
        seq = events.at(-1)?.seq ?? seq
      } else if (to === undefined) await bell.wait(rings, signal)
      else {
        // Another run has begun: all of this one is in its log.
        await stretch.feed.look()
        if (seq >= Math.min(to, stretch.feed.seq)) return
      }
    }
  }

  if (conductor.run !== undefined) begin(conductor.run)
  const unhook = conductor.onRun(begin)

  return {
    last: async () => {
      const stretch = stretches.at(-1)
      if (stretch === undefined) return undefined
      await stretch.feed.look()
      return { run: stretch.run, seq: stretch.feed.seq }
    },
    cannotGoOnFrom: async ({ run, seq }) => {
      if (!(await allRunIds(runs)).includes(run)) return `there is no run ${run} any more`
      const feed = feedOf(run)
      await feed.look()
      return seq > feed.seq ? `run ${run} has no event ${seq}` : undefined
    },
    follow,
    read: async (run, seq, characters) => {
      const feed = feedOf(run)
      await feed.look()
      return feed.after(seq, Number.POSITIVE_INFINITY, characters)
    },
    close: () => {
      unhook()
      for (const { feed } of stretches) feed.rest()
      bell.ring()
    },
  }
}
