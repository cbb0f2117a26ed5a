/** From how many failures on one has to wait: at first so long, and twice as long with each further one. Milliseconds. */
export type LockoutRule = { failures: number; first_ms: number; longest_ms: number }

/** Failures that count together, and when the last one was (milliseconds since 1970). */
export type Failures = { count: number; last: number }

/** So many times the longest wait without a failure, and they are forgotten. */
const FORGOTTEN_AFTER = 4

/** @param now milliseconds since 1970 */
export function afterFailure(before: Failures | undefined, { longest_ms }: LockoutRule, now: number): Failures {
  const isForgotten = before === undefined || now - before.last > longest_ms * FORGOTTEN_AFTER
  return { count: isForgotten ? 1 : before.count + 1, last: now }
}

/** Milliseconds until the next try; 0 where it may be now. */
export function lockedFor(failures: Failures | undefined, { failures: most, first_ms, longest_ms }: LockoutRule, now: number): number {
  if (failures === undefined || failures.count < most) return 0
  const wait = Math.min(longest_ms, first_ms * 2 ** (failures.count - most))
  // A clock that was set back locks nobody out for longer than that.
  return Math.max(0, Math.min(wait, failures.last + wait - now))
}
