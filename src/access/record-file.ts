import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { errorCode, errorMessage } from '../core/error.ts'
import { writePrivate } from '../files/write-private.ts'

/** A file of records that somebody may have to mend by hand. */
export type RecordFile<Item> = {
  path: string
  /** Nothing where there is no file yet. @throws {Error} naming the file, when it cannot be understood: nobody is let in by a guess */
  read: () => Promise<Item[]>
  /** Replaces them all. Call it only alone in the folder. */
  write: (items: readonly Item[]) => Promise<void>
}

export function recordFile<Item>(path: string, shape: z.ZodType<Item>): RecordFile<Item> {
  const whole = z.object({ v: z.literal(1), entries: z.array(shape) })
  return {
    path,
    read: async () => {
      let text: string
      try {
        text = await readFile(path, 'utf8')
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return []
        throw error
      }
      const parsed = whole.safeParse(json(path, text))
      if (parsed.success) return parsed.data.entries
      const [issue] = parsed.error.issues
      throw damage(path, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
    },
    write: (items) => writePrivate(path, `${JSON.stringify({ v: 1, entries: items }, null, 2)}\n`),
  }
}

function json(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw damage(path, `it is not JSON (${errorMessage(error)})`)
  }
}

function damage(path: string, what: string): Error {
  return new Error(`${path} cannot be understood: ${what}. Mend it, or delete it: nobody whom it names comes in then`)
}
