import { createHash } from 'node:crypto'

/** Keys that are remembered, the newest of them. */
const MOST_KEYS = 1000

/** What was sent under each key, for as long as the conductor works. */
export type UsedKeys = {
  /** Whether this may be sent under the key: it is new, or the same has been sent under it. */
  take: (key: string, sent: unknown) => boolean
  /** What was sent under it came to nothing: it may be sent again, mended. */
  free: (key: string) => void
}

/**
 * Tells a request that is repeated from another one under the same key, by mistake: whoever sent that would take the
 * answer to the first for one to theirs, and nothing would have been done.
 */
export function usedKeys(): UsedKeys {
  const used = new Map<string, string>()
  return {
    take: (key, sent) => {
      const hash = createHash('sha256').update(JSON.stringify(sent)).digest('base64url')
      const before = used.get(key)
      if (before !== undefined) return before === hash
      used.set(key, hash)
      const [oldest] = used.keys()
      if (used.size > MOST_KEYS && oldest !== undefined) used.delete(oldest)
      return true
    },
    free: (key) => void used.delete(key),
  }
}
