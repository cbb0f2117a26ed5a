import type { Stats } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../core/error.ts'
import { readEntry } from './cache.ts'

/** What a cache holds. */
export type CacheStats = {
  entries: number
  bytes: number
  /** When the first and the last of them were kept (ISO 8601, UTC); null where there is none. */
  oldest: string | null
  newest: string | null
  /** Tokens that the answers took when they were made, as far as their providers said. */
  tokens: { input: number; output: number }
  /** Files that cannot be read; the next answer takes their place. */
  damaged: number
}

/** What was removed from a cache, and what is left. */
export type Pruned = { removed: number; bytes: number; left: number; left_bytes: number }

type Found = { path: string; size: number; used: number }

const ENTRY = /^[0-9a-f]{64}\.json$/
/** Left behind by a process that was killed; no write takes that long. */
const TEMPORARY = /^[0-9a-f-]{36}\.tmp$/
const ABANDONED_MS = 60 * 60 * 1000

/** Looks at every entry of a cache. */
export async function cacheStats(folder: string): Promise<CacheStats> {
  const stats: CacheStats = {
    entries: 0,
    bytes: 0,
    oldest: null,
    newest: null,
    tokens: { input: 0, output: 0 },
    damaged: 0,
  }
  for (const { path, size } of await filesOf(folder, ENTRY)) {
    const entry = await readEntry(path)
    stats.entries++
    stats.bytes += size
    if (entry === undefined) {
      stats.damaged++
      continue
    }
    const { made_at, usage } = entry
    if (stats.oldest === null || made_at < stats.oldest) stats.oldest = made_at
    if (stats.newest === null || made_at > stats.newest) stats.newest = made_at
    stats.tokens.input += usage?.input ?? 0
    stats.tokens.output += usage?.output ?? 0
  }
  return stats
}

/**
 * Removes entries that were not used since `unused_since` (milliseconds since 1970), then those that were
 * not used for longest, until the others fit into `max_bytes`.
 * @param now milliseconds since 1970
 */
export async function pruneCache(
  folder: string,
  { max_bytes = Infinity, unused_since = -Infinity }: { max_bytes?: number | undefined; unused_since?: number | undefined },
  now: number,
): Promise<Pruned> {
  for (const { path, used } of await filesOf(folder, TEMPORARY)) if (used < now - ABANDONED_MS) await rm(path, { force: true })
  const entries = await filesOf(folder, ENTRY)
  const all = entries.reduce((sum, { size }) => sum + size, 0)
  const pruned: Pruned = { removed: 0, bytes: 0, left: entries.length, left_bytes: all }
  for (const { path, size, used } of entries.sort((a, b) => a.used - b.used)) {
    if (used >= unused_since && pruned.left_bytes <= max_bytes) break
    await rm(path, { force: true })
    pruned.removed++
    pruned.bytes += size
    pruned.left--
    pruned.left_bytes -= size
  }
  return pruned
}

async function filesOf(folder: string, pattern: RegExp): Promise<Found[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  })
  const files: Found[] = []
  for (const name of names.filter((each) => pattern.test(each))) {
    const path = join(folder, name)
    // Another process may have removed it meanwhile.
    const found: Stats | undefined = await stat(path).catch(() => undefined)
    if (found?.isFile()) files.push({ path, size: found.size, used: found.mtimeMs })
  }
  return files
}
