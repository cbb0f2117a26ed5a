/** A day as it is counted in one time zone. */
export type CalendarDay = {
  /** `2026-11-20`; its first seven characters name the month. */
  day: string
  /** When the next one begins (ISO 8601, UTC). */
  ends_at: string
}

const HOUR_MS = 3_600_000
/** Zones change their offset by whole minutes. */
const STEP_MS = 60_000

/** The day that a moment belongs to. @param zone an IANA time zone @param at ISO 8601 */
export function dayAt(zone: string, at: string): CalendarDay {
  const name = dayNames(zone)
  const now = Date.parse(at)
  const day = name(now)
  // A day has 23 to 25 hours, and now and then half an hour less or more: look for its end by halves.
  let before = now
  let after = now + 26 * HOUR_MS
  while (after - before > STEP_MS) {
    const middle = Math.floor((before + after) / 2)
    if (name(middle) === day) before = middle
    else after = middle
  }
  return { day, ends_at: new Date(Math.floor(after / STEP_MS) * STEP_MS).toISOString() }
}

/** `2026-11` of `2026-11-20`. */
export function monthOf(day: string): string {
  return day.slice(0, 7)
}

/** The day so many days before another one. */
export function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * 24 * HOUR_MS).toISOString().slice(0, 10)
}

/** Making one costs as much as asking it a hundred times. */
const formats = new Map<string, Intl.DateTimeFormat>()

function dayNames(zone: string): (time: number) => string {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en', { timeZone: zone, calendar: 'iso8601', year: 'numeric', month: '2-digit', day: '2-digit' })
  formats.set(zone, format)
  return (time) => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]))
    return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`
  }
}

/** A time so many milliseconds after another (ISO 8601). */
export function later(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString()
}
