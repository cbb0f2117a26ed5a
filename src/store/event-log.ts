import { open, stat, type FileHandle } from 'node:fs/promises'
import { DiskRefusal, errorCode, refusedAt } from '../core/error.ts'
import type { EventLog } from './store.ts'

type Waiter = { resolve: () => void; reject: (error: unknown) => void }

/** A plan of 100,000 tasks is not in memory twice more, as text and as bytes, while it is written. */
const LINES_AT_ONCE = 2_000

/**
 * Opens a log for appending.
 * @param keep bytes of an existing log to keep; what follows was torn by a crash and is cut off
 */
export async function openEventLog(path: string, keep?: number): Promise<EventLog> {
  const file = await open(path, 'a')
  if (keep !== undefined) await file.truncate(keep)

  let lines: string[] = []
  let waiters: Waiter[] = []
  let flushing: Promise<void> | undefined
  let broken: { error: unknown } | undefined
  let flushes = 0

  async function flush(): Promise<void> {
    while (waiters.length > 0 && broken === undefined) {
      const served = waiters
      waiters = []
      try {
        await writeOut(file, lines)
        flushes++
        for (const waiter of served) waiter.resolve()
      } catch (caught) {
        const error = refusedAt(path, caught)
        broken = { error }
        for (const waiter of [...served, ...waiters]) waiter.reject(error)
      }
    }
    flushing = undefined
  }

  /** Takes the lines out before the first await, so that lines appended meanwhile belong to the next flush. */
  async function writeOut(handle: FileHandle, taken: string[]): Promise<void> {
    lines = []
    await assertThere(path)
    for (let begin = 0; begin < taken.length; begin += LINES_AT_ONCE) await writeWhole(handle, Buffer.from(taken.slice(begin, begin + LINES_AT_ONCE).join('')))
    await handle.datasync()
  }

  return {
    append: (event) => {
      lines.push(`${JSON.stringify(event)}\n`)
    },
    durable: () => {
      if (broken !== undefined) return Promise.reject(broken.error)
      return new Promise((resolve, reject) => {
        waiters.push({ resolve, reject })
        flushing ??= Promise.resolve().then(flush)
      })
    },
    flushes: () => flushes,
    close: async () => {
      await flushing
      await file.close()
    },
  }
}

/** A write may take less than it is given: the rest follows. */
async function writeWhole(file: FileHandle, bytes: Buffer): Promise<void> {
  let written = 0
  while (written < bytes.length) written += (await file.write(bytes, written)).bytesWritten
}

/** A file that has been moved or deleted can be written to as before, and nobody would ever read it. */
async function assertThere(path: string): Promise<void> {
  await stat(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') throw new DiskRefusal(`${path}: it is no longer there; what happens now could not be recorded`, { cause: error })
    throw error
  })
}
