/** Wakes all who wait for something to change. */
export type Bell = {
  /** How often it has rung. */
  readonly rings: number
  ring: () => void
  /** Resolves when it has rung more often than `rings`, or when the wait is given up. */
  wait: (rings: number, signal: AbortSignal) => Promise<void>
}

export function createBell(): Bell {
  let rings = 0
  const waiting = new Set<() => void>()
  return {
    get rings() {
      return rings
    },
    ring: () => {
      rings++
      const woken = [...waiting]
      waiting.clear()
      for (const wake of woken) wake()
    },
    wait: (seen, signal) => {
      if (seen !== rings || signal.aborted) return Promise.resolve()
      return new Promise((resolve) => {
        const wake = () => {
          waiting.delete(wake)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        waiting.add(wake)
        signal.addEventListener('abort', wake)
      })
    },
  }
}
