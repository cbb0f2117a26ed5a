import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CacheEntry } from '../core/cache-entry.ts'
import { errorCode } from '../core/error.ts'
import { hashFiles } from './file-hashes.ts'
import type { Cache } from './store.ts'

const MAX_BYTES = 20_000_000

/**
 * Opens a cache: a file for each entry, named by its key. A reader finds a whole entry or none, whoever else
 * writes it in that moment, in this process or another.
 * @param folder absolute; made when something is kept. What lies beside it is Tutti's own, and nobody's input.
 */
export function openCache(folder: string, max_bytes: number = MAX_BYTES): Cache {
  const pathOf = (key: string) => join(folder, `${key}.json`)
  return {
    max_bytes,
    get: async (key) => {
      const entry = await readEntry(pathOf(key))
      const now = new Date()
      // Another process may have removed it meanwhile.
      if (entry !== undefined) await utimes(pathOf(key), now, now).catch(() => undefined)
      return entry
    },
    put: async (key, entry) => {
      const whole: CacheEntry = { v: 1, made_at: new Date().toISOString(), ...entry }
      const bytes = Buffer.from(JSON.stringify(whole))
      if (bytes.length > max_bytes) return
      await replace(folder, pathOf(key), bytes).catch((error: unknown) => {
        if (errorCode(error) === undefined) throw error
      })
    },
    hashFiles: (root, paths) => hashFiles(root, paths, dirname(folder)),
  }
}

/** An entry as it lies on disk; undefined where there is none, or none that is whole. */
export async function readEntry(path: string): Promise<CacheEntry | undefined> {
  try {
    return CacheEntry.safeParse(JSON.parse(await readFile(path, 'utf8'))).data
  } catch {
    return undefined
  }
}

async function replace(folder: string, path: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(folder, `${randomUUID()}.tmp`)
  const write = () => writeFile(temporary, bytes, { flag: 'wx' })
  try {
    await write().catch(async (error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error
      await mkdir(folder, { recursive: true })
      return write()
    })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
