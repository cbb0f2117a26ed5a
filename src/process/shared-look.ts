/** Resolves with what is found by a look that begins after it was asked for. */
export type SharedLook<Found> = () => Promise<Found>

/** So many times as long as a look took, there is none after it. */
const PAUSE_FACTOR = 9

/**
 * One look for all who ask meanwhile. A look at all processes costs with what runs on the machine and holds up everything
 * else: where thousands of short commands end one after the other, looks take a tenth of the time at most.
 */
export function createSharedLook<Found>(look: () => Found): SharedLook<Found> {
  let next: Promise<Found> | undefined
  let restsUntil = 0

  async function looked(): Promise<Found> {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, restsUntil - performance.now())))
    next = undefined
    const begun = performance.now()
    try {
      return look()
    } finally {
      const over = performance.now()
      restsUntil = over + PAUSE_FACTOR * (over - begun)
    }
  }

  return () => (next ??= looked())
}
