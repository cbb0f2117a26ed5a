/** How hard a receiver is tried. */
export type Pace = {
  /** Milliseconds after the first failure; they double with each that follows. */
  first_ms: number
  /** No longer than this, unless the receiver asks for it. */
  longest_ms: number
  /** Milliseconds that a receiver may ask to be left alone. */
  longest_asked_ms: number
  /** A message that failed so often makes way for the next. */
  most_tries: number
  /** Failures in a row that are worth a warning. */
  warn_after: number
  /** Failures in a row after which a receiver is not waited for at the end. */
  hopeless_after: number
  /** Messages that may wait; the oldest makes way for one more. */
  most_waiting: number
  /** Milliseconds in which what waits is still delivered at the end. */
  grace_ms: number
}

/** A message is tried for about seven minutes. */
export const PACE: Pace = { first_ms: 1000, longest_ms: 60_000, longest_asked_ms: 300_000, most_tries: 12, warn_after: 3, hopeless_after: 6, most_waiting: 10_000, grace_ms: 5000 }

/**
 * Milliseconds until the next try. A part of it is chance, so that many who lost the same receiver do not come back at once.
 * @param failures in a row, at least one
 * @param chance from 0 to 1
 */
export function backOff({ first_ms, longest_ms, longest_asked_ms }: Pace, failures: number, asked_ms: number | undefined, chance: number): number {
  const own = Math.min(longest_ms, first_ms * 2 ** (failures - 1))
  return Math.max(own * (0.5 + chance / 2), Math.min(asked_ms ?? 0, longest_asked_ms))
}
