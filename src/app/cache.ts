import { join } from 'node:path'
import { cacheStats, pruneCache, type CacheStats, type Pruned } from '../store/cache-upkeep.ts'
import type { Workspace } from './workspace.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** Where a workspace keeps answers for later runs. */
export function cacheFolder({ runs }: Pick<Workspace, 'runs'>): string {
  return join(runs, 'cache')
}

/** What the cache holds. */
export async function lookIntoCache(workspace: Workspace): Promise<CacheStats> {
  return cacheStats(cacheFolder(workspace))
}

/**
 * Removes what was not used for so many days, and then what was not used for longest, until the rest has the size.
 * @param now milliseconds since 1970
 */
export async function clearCache(workspace: Workspace, bounds: { max_bytes?: number; days?: number }, now: number): Promise<Pruned> {
  const { max_bytes, days } = bounds
  return pruneCache(cacheFolder(workspace), { max_bytes, unused_since: days === undefined ? undefined : now - days * DAY_MS }, now)
}
