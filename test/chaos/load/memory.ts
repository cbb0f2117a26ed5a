import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'

/** What a process has held in memory over its life, in MB; zero where there is no /proc. */
export type Memory = {
  peak: number
  /** The most at once in each tenth of the time that it was looked at. */
  tenths: number[]
}

const EVERY_MS = 100

/** Looks at a process until it has ended. */
export async function memoryOf(pid: number, ended: Promise<unknown>): Promise<Memory> {
  const seen: number[] = []
  let peak = 0
  let isOver = false
  const over = () => void (isOver = true)
  ended.then(over, over)
  while (!isOver) {
    const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '')
    const now = megabytes(status, 'VmRSS')
    // One that has ended and waits to be reaped holds nothing.
    if (now > 0) seen.push(now)
    peak = Math.max(peak, megabytes(status, 'VmHWM'))
    await pause(EVERY_MS)
  }
  const tenth = Math.max(1, Math.ceil(seen.length / 10))
  return { peak, tenths: Array.from({ length: Math.ceil(seen.length / tenth) }, (_, at) => Math.max(...seen.slice(at * tenth, (at + 1) * tenth))) }
}

function megabytes(status: string, name: string): number {
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]
  return Math.round(Number(kilobytes ?? 0) / 1024)
}
