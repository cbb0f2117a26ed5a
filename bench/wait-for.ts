import { setTimeout as pause } from 'node:timers/promises'

const LONGEST_MS = 30_000

/** Looks every millisecond until it is so. Throws after half a minute. */
export async function waitFor(isSo: () => Promise<boolean>): Promise<void> {
  const until = Date.now() + LONGEST_MS
  while (!(await isSo())) {
    if (Date.now() > until) throw new Error('what the bench waits for does not come')
    await pause(1)
  }
}
