import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { errorCode } from '../core/error.ts'

/** More than this is not looked at: it would take longer than the work it saves. */
const MAX_FILES = 10_000
const MAX_BYTES = 500_000_000

/**
 * What files hold, as `Cache.hashFiles` says. A folder with a link in it that leads to no file cannot be looked at:
 * what lies behind it may change, and following it may never end.
 * @param skip a folder that is left out where it lies below one of the paths, absolute
 */
export async function hashFiles(root: string, paths: readonly string[], skip: string): Promise<Record<string, string | null> | undefined> {
  const hashes = new Map<string, string | null>()
  let bytes = 0

  /** @returns whether it could be looked at */
  async function look(path: string): Promise<boolean> {
    const name = relative(root, path) || '.'
    if (hashes.has(name)) return true
    if (hashes.size >= MAX_FILES) return false
    const stats = await stat(path).catch(absent)
    if (stats === undefined) {
      hashes.set(name, null)
      return true
    }
    if (stats.isDirectory()) return lookInto(path)
    // Reading from a pipe or a device may never end.
    bytes += stats.size
    if (!stats.isFile() || bytes > MAX_BYTES) return false
    const hash = await hashOf(path, stats.size)
    hashes.set(name, hash === undefined ? null : `${hash}${(stats.mode & 0o111) === 0 ? '' : ' executable'}`)
    return true
  }

  async function lookInto(folder: string): Promise<boolean> {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (path === skip) continue
      const leadsElsewhere = entry.isSymbolicLink() && !(await stat(path).catch(absent))?.isFile()
      if (leadsElsewhere || !(await look(path))) return false
    }
    return true
  }

  try {
    for (const path of paths) if (!(await look(resolve(root, path)))) return undefined
    return Object.fromEntries(hashes)
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return undefined
  }
}

async function hashOf(path: string, size: number): Promise<string | undefined> {
  const hash = createHash('sha256')
  // No further than it was when it was looked at: it may grow faster than it is read.
  const end = Math.max(0, size - 1)
  try {
    for await (const chunk of createReadStream(path, { end })) hash.update(chunk)
  } catch (error) {
    return absent(error)
  }
  return `${hash.digest('hex')} ${size}`
}

/** What is not there is no error; what cannot be looked at is one. */
function absent(error: unknown): undefined {
  const code = errorCode(error)
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error
}
