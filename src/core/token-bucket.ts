/** How often something may be done: `burst` times at once, and `per_minute` in the long run. */
export type Rate = { burst: number; per_minute: number }

/** How much was left at a time (milliseconds since 1970). */
export type Bucket = { left: number; at: number }

/** Whether it may be done now, and what is left then; else how long it takes until it may, in milliseconds. */
export type Drawn = { ok: true; bucket: Bucket } | { ok: false; bucket: Bucket; wait_ms: number }

const MINUTE_MS = 60_000

/**
 * Takes one from a bucket that fills up as time passes.
 * @param bucket undefined: the first time
 * @param now milliseconds since 1970; a clock that was set back fills nothing
 */
export function draw(bucket: Bucket | undefined, { burst, per_minute }: Rate, now: number): Drawn {
  const filled = bucket === undefined ? burst : bucket.left + (Math.max(0, now - bucket.at) * per_minute) / MINUTE_MS
  const left = Math.min(burst, filled)
  if (left >= 1) return { ok: true, bucket: { left: left - 1, at: now } }
  return { ok: false, bucket: { left, at: now }, wait_ms: Math.ceil(((1 - left) * MINUTE_MS) / per_minute) }
}
