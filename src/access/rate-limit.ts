import { draw, type Bucket, type Rate } from '../core/token-bucket.ts'
import { boundedMap } from './bounded-map.ts'

/** Whether somebody may go on; else after how many whole seconds they may try again. */
type RateLimit = (key: string) => { ok: true } | { ok: false; retry_after_s: number }

/** Callers that are told apart; the one that was not there for longest is taken for a new one. */
const MOST_CALLERS = 10_000

/**
 * Limits how often each caller does something.
 * @param now milliseconds since 1970
 */
export function rateLimit(rate: Rate, now: () => number = Date.now, most: number = MOST_CALLERS): RateLimit {
  const buckets = boundedMap<Bucket>(most)
  return (key) => {
    const drawn = draw(buckets.get(key), rate, now())
    buckets.set(key, drawn.bucket)
    return drawn.ok ? { ok: true } : { ok: false, retry_after_s: Math.ceil(drawn.wait_ms / 1000) }
  }
}
