import { constants, openSync, writeSync } from 'node:fs'
import type { TakeBytes } from './outlet.ts'

/** How long the terminal is waited for when something has to be said before anything else goes on. */
const LONGEST_SAY_MS = 1000
const SAY_AGAIN_MS = 5
const WAITED_ON = new Int32Array(new SharedArrayBuffer(4))

/** The terminal as a file of our own. */
export type Device = {
  take: TakeBytes
  /** Says a short text and waits until the terminal has taken it, for a second at most. */
  say: (text: string) => 'said' | 'stalled' | 'gone'
  /** Says a short text and waits for as long as it takes. */
  insist: (text: string) => void
}

/**
 * Opens the terminal that stdout is, anew: on a file that does not block, a terminal that stands still holds up nobody.
 * Stdout itself stays as it is, as the shell and other programs share it.
 */
export function openDevice(): Device {
  const device = openOwn()
  const take: TakeBytes = (bytes) => {
    try {
      return writeSync(device, bytes)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return 0
      throw error
    }
  }
  const say = (text: string) => {
    let left: Uint8Array = Buffer.from(text)
    const deadline = performance.now() + LONGEST_SAY_MS
    try {
      while (left.length > 0) {
        const taken = take(left)
        left = left.subarray(taken)
        if (taken > 0) continue
        if (performance.now() >= deadline) return 'stalled'
        Atomics.wait(WAITED_ON, 0, 0, SAY_AGAIN_MS)
      }
      return 'said'
    } catch {
      return 'gone'
    }
  }
  const insist = (text: string) => {
    try {
      writeSync(process.stdout.fd, text)
    } catch {
      // It is gone.
    }
  }
  return { take, say, insist }
}

function openOwn(): number {
  // The first is what stdout is, on Linux; the second the terminal that the process belongs to, on every Unix.
  for (const path of ['/proc/self/fd/1', '/dev/tty']) {
    try {
      return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
    } catch {
      // Not every system has it, and not every user may open it.
    }
  }
  return process.stdout.fd
}
