import { Event } from '../core/events.ts'
import { linesOf } from './lines.ts'

/** What a log holds. `torn` is an unfinished step at its end, which a crash cut off. */
export type LogContent = {
  /** Bytes up to the end of the last whole step. */
  whole: number
  /** Bytes behind it. */
  torn: number
}

/** A log that cannot be understood; it is left exactly as it is. */
export class DamagedLog extends Error {
  override name = 'DamagedLog'
}

/** The end of a whole step in a log: bytes up to there, and the number of its last event. */
export type LogPlace = { whole: number; seq: number }

/**
 * Reads a log and hands over its events in order, step by step: events of a step whose
 * last line is missing are not handed over.
 * @param from where an earlier reading came to; the beginning where absent
 * @throws {DamagedLog} naming the line, when one in the middle is no event or was written by a newer Tutti
 */
export async function readEvents(path: string, take: (event: Event) => void, from: LogPlace = { whole: 0, seq: 0 }): Promise<LogContent> {
  // There is one event in a line, and their numbers have no gap.
  let line = from.seq
  let offset = from.whole
  let whole = from.whole
  let step: Event[] = []
  let { seq } = from
  let damage: string | undefined

  function takeLine(text: string): void {
    line++
    // Only the end of a file can be torn: a line after a bad one says that the bad one is damage.
    if (damage !== undefined) throw new DamagedLog(damage)
    const isWhole = text.endsWith('\n')
    offset += Buffer.byteLength(text)
    const event = isWhole ? parseEvent(text) : 'the line is not complete'
    if (typeof event === 'string') {
      damage = `${path}:${line} ${event}`
      if (isWhole && !isTorn(text)) throw new DamagedLog(damage)
      return
    }
    if (event.seq !== ++seq) throw new DamagedLog(`${path}:${line} has the number ${event.seq} where ${seq} is expected: a line is missing; the log is left as it is`)
    step.push(event)
    if (event.more === true) return
    for (const each of step) take(each)
    step = []
    whole = offset
  }

  for await (const lines of linesOf(path, from.whole)) for (const text of lines) takeLine(text)
  return { whole, torn: offset - whole }
}

/** A whole line that is not even JSON may be what a crash left of several; one that is JSON was written on purpose. */
function isTorn(text: string): boolean {
  try {
    JSON.parse(text)
    return false
  } catch {
    return true
  }
}

/** One line of a log as an event, or what is wrong with it. */
function parseEvent(text: string): Event | string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'is not JSON; the log is damaged and is left as it is'
  }
  const parsed = Event.safeParse(value)
  if (parsed.success) return parsed.data
  const format = typeof value === 'object' && value !== null && 'v' in value ? value.v : 1
  if (format !== 1) return `was written by a newer Tutti (event format ${String(format)}, this one reads 1); upgrade to read it`
  const [issue] = parsed.error.issues
  if (issue?.code === 'invalid_union' && issue.path[0] === 'type' && typeof value === 'object' && value !== null && 'type' in value) {
    return `has an event that this version does not know (${JSON.stringify(value.type)}): it was written by a newer Tutti; upgrade to read it`
  }
  return `is no event this version knows (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}); the log is left as it is`
}
