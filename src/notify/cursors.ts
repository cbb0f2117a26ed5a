import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, basename } from 'node:path'
import * as z from 'zod'
import { writeWithin } from '../files/write-within.ts'

/** Milliseconds between two writes. What was delivered and not yet noted when a conductor is killed is sent again. */
const PAUSE_MS = 500

/** `notified.json` of a run: how far in its log each receiver has been told. */
const Cursors = z.object({ v: z.literal(1), receivers: z.record(z.string(), z.number().int().nonnegative()) })

/** Tells receivers apart without saying where they are. @param url where it is known */
export function cursorKey(name: string, url: string | undefined): string {
  return createHash('sha256')
    .update(`${name}\n${url ?? ''}`)
    .digest('hex')
    .slice(0, 16)
}

/** How far each receiver was told, by its key; nothing where that is not known. */
export async function readCursors(path: string): Promise<Readonly<Record<string, number>>> {
  try {
    return Cursors.parse(JSON.parse(await readFile(path, 'utf8'))).receivers
  } catch {
    return {}
  }
}

export type CursorsFile = {
  /** Somebody was told more: the file follows. */
  touch: () => void
  /** Writes how it is now. */
  flush: () => Promise<void>
}

/**
 * @param now how far each receiver has been told
 * @param written resolves when what was not delivered so far stands where it is not lost
 * @param failed is told when the disk refuses
 */
export function openCursors(path: string, now: () => Record<string, number>, written: () => Promise<void>, failed: (error: unknown) => void): CursorsFile {
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  async function write(): Promise<void> {
    const receivers = now()
    await written()
    await writeWithin(dirname(path), basename(path), `${JSON.stringify({ v: 1, receivers })}\n`)
  }
  const writeNext = () => (writing = writing.then(write).catch(failed))

  return {
    touch: () => {
      timer ??= setTimeout(() => {
        timer = undefined
        void writeNext()
      }, PAUSE_MS).unref()
    },
    flush: async () => {
      clearTimeout(timer)
      timer = undefined
      await writeNext()
    },
  }
}
