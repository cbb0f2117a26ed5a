import { eventLines, type EventLine } from '../store/event-steps.ts'
import type { RunFolder } from '../store/run-folder.ts'
import type { Bell } from './bell.ts'

/** Bytes of the newest events that are kept in memory: whoever is up to date costs no read. */
const KEPT_BYTES = 512 * 1024
/** Bytes between two places in the log that are remembered. */
const APART = 64 * 1024
/** A log that grows is read at most this often. */
const GATHER_MS = 10

/**
 * The events of one run as its log holds them, for any number of readers. Each reader is a number: what it has seen.
 * What it has not seen is taken from the newest events in memory, or from the log again, so a slow reader keeps nothing.
 *
 * Only what stands in the log is told, and only whole steps: the log is cut back to the end of a whole step after a crash,
 * so nothing that was told has never happened. The run that goes on is no more than a reason to look.
 */
export type EventFeed = {
  /** The last event of the last whole step that has been found. */
  readonly seq: number
  /** The last event before the run was taken up, the last time up to an event; 0 where it never was. */
  takenUpAfter: (seq: number) => number
  /** Events behind one, in order, of about so many characters; none where nothing more is known. */
  after: (seq: number, upTo: number, characters: number) => Promise<EventLine[]>
  /** Looks for what has come; the bell is rung when there is something. */
  look: () => Promise<void>
  /** The same, soon, and until the log holds this event: it has happened, and is being written. */
  expect: (seq: number) => void
  /** Nothing more comes: what the log does not hold by now was never written. Nothing is kept in memory any more. */
  rest: () => void
}

export function openEventFeed({ events: path }: RunFolder, bell: Bell): EventFeed {
  /** How far the log has been read, and up to where it is whole. */
  let read = { to: 0, seq: 0 }
  let whole = 0
  /** Places in the log: behind the event of that number. */
  const places = [{ to: 0, seq: 0 }]
  let newest: EventLine[] = []
  let kept = 0
  const takenUp: number[] = []
  let looking: Promise<void> | undefined
  let lookingAgain: Promise<void> | undefined
  let expected = 0
  let timer: NodeJS.Timeout | undefined
  let isResting = false

  function take(line: EventLine): void {
    read = { to: line.to, seq: line.seq }
    if (line.to - (places.at(-1)?.to ?? 0) >= APART) places.push(read)
    if (line.type === 'run.resumed') takenUp.push(line.seq)
    newest.push(line)
    kept += line.text.length
    if (!line.more) whole = line.seq
  }

  /** In one go: one by one would move all the rest each time. */
  function forget(): void {
    const most = isResting ? 0 : KEPT_BYTES
    if (kept <= most) return
    let from = 0
    for (; kept > most / 2 && from < newest.length; from++) kept -= newest[from]?.text.length ?? 0
    newest = newest.slice(from)
  }

  async function lookOnce(): Promise<void> {
    const before = whole
    for (;;) {
      const lines = await eventLines(path, read.to)
      for (const line of lines) take(line)
      forget()
      if (lines.length === 0) break
    }
    if (whole !== before) bell.ring()
  }

  /** One that is under way may have passed the end already. */
  function look(): Promise<void> {
    if (looking === undefined) {
      looking = lookOnce().finally(() => (looking = undefined))
      return looking
    }
    lookingAgain ??= looking
      .catch(() => {})
      .then(() => {
        lookingAgain = undefined
        return look()
      })
    return lookingAgain
  }

  function schedule(): void {
    if (timer !== undefined || isResting) return
    timer = setTimeout(() => {
      timer = undefined
      // A log that cannot be read now is looked at again; whoever asks for it is told why.
      look().catch(() => {}).finally(() => whole < expected && schedule())
    }, GATHER_MS).unref()
  }

  async function fromLog(seq: number, upTo: number, characters: number): Promise<EventLine[]> {
    let { to } = places.findLast((place) => place.seq <= seq) ?? { to: 0 }
    const found: EventLine[] = []
    let length = 0
    for (;;) {
      const lines = await eventLines(path, to)
      for (const line of lines) {
        if (line.seq > upTo || length >= characters) return found
        if (line.seq <= seq) continue
        found.push(line)
        length += line.text.length
      }
      const last = lines.at(-1)
      if (last === undefined) return found
      to = last.to
    }
  }

  return {
    get seq() {
      return whole
    },
    after: async (seq, upTo, characters) => {
      const last = Math.min(upTo, whole)
      if (seq >= last) return []
      const first = newest[0]?.seq ?? Number.POSITIVE_INFINITY
      if (seq + 1 < first) return fromLog(seq, last, characters)
      const found: EventLine[] = []
      let length = 0
      for (let at = seq + 1 - first; at <= last - first && length < characters; at++) {
        const line = newest[at]
        if (line === undefined) break
        found.push(line)
        length += line.text.length
      }
      return found
    },
    takenUpAfter: (seq) => (takenUp.findLast((each) => each <= seq) ?? 1) - 1,
    look,
    expect: (seq) => {
      expected = Math.max(expected, seq)
      if (whole < expected) schedule()
    },
    rest: () => {
      isResting = true
      clearTimeout(timer)
      timer = undefined
      look().catch(() => {}).finally(forget)
    },
  }
}
