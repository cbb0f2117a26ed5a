import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { watchFolder } from './folder.ts'
import type { FileChange, WatchFolders } from './watcher.ts'

/** A file is whole when it has stood still for this long. */
const SETTLED_MS = 60
/** Files that come together are reported together, but the first of them waits no longer than this. */
const TOGETHER_MS = 150
/** A file that stays empty is left until it changes again. */
const MOST_LOOKS = 30
/** Editors that save by rename take the file away for a moment. */
const GONE_MS = 200

/** Watches some folders, and reports a file of them once it has stood still: nobody runs half a prompt. */
export const watchFolders: WatchFolders = (folders, { accepts, report, failed }) => {
  const pending = new Map<string, NodeJS.Timeout>()
  /** The state in which a file was last reported. */
  const known = new Map<string, string>()
  /** The state in which a file was last seen; reported when it is seen again. */
  const seen = new Map<string, string>()
  /** How often a file was found empty since it last changed. */
  const looks = new Map<string, number>()
  let batch: FileChange[] = []
  let patience: NodeJS.Timeout | undefined
  let phase: 'listing' | 'settling' | 'watching' = 'listing'
  let settleReady: () => void = () => {}
  const ready = new Promise<void>((resolve) => (settleReady = resolve))

  /** What was there at the start is one report; later ones wait for what came with them, for a moment. */
  function deliver(): void {
    if (phase === 'listing' || (phase === 'settling' && pending.size > 0)) return
    if (phase === 'watching' && pending.size > 0) patience ??= setTimeout(handOver, TOGETHER_MS)
    else handOver()
    if (phase === 'settling') settleReady()
    phase = 'watching'
  }

  function handOver(): void {
    clearTimeout(patience)
    patience = undefined
    const changes = batch
    batch = []
    if (changes.length > 0) report(changes)
  }

  function later(path: string, ms: number, look: (path: string) => Promise<void>): void {
    clearTimeout(pending.get(path))
    pending.set(
      path,
      setTimeout(() => {
        look(path).then(deliver, deliver)
      }, ms),
    )
  }

  async function lookWhole(path: string): Promise<void> {
    const mark = await markOf(path)
    if (mark === 'gone' && known.has(path)) return later(path, GONE_MS, lookGone)
    if (mark === 'empty' && (looks.get(path) ?? 0) < MOST_LOOKS) {
      // Many a save empties the file first.
      looks.set(path, (looks.get(path) ?? 0) + 1)
      return later(path, SETTLED_MS, lookWhole)
    }
    looks.delete(path)
    if (mark !== 'empty' && mark !== 'gone' && mark !== known.get(path)) {
      // It is still growing, or was only seen once: look again when it has had time to stand still.
      seen.set(path, mark)
      return later(path, SETTLED_MS, confirmWhole)
    }
    forget(path)
  }

  async function confirmWhole(path: string): Promise<void> {
    const mark = await markOf(path)
    if (mark !== seen.get(path)) return lookWhole(path)
    forget(path)
    known.set(path, mark)
    batch.push({ type: 'changed', path })
  }

  async function lookGone(path: string): Promise<void> {
    if ((await markOf(path)) !== 'gone') return lookWhole(path)
    forget(path)
    known.delete(path)
    batch.push({ type: 'gone', path })
  }

  function forget(path: string): void {
    pending.delete(path)
    seen.delete(path)
  }

  const watches = folders.map((folder) =>
    watchFolder(folder, {
      touched: (name) => {
        if (accepts(name)) later(join(folder, name), 0, lookWhole)
      },
      failed,
    }),
  )
  void Promise.all(watches.map((watched) => watched.ready)).then(() => {
    phase = 'settling'
    deliver()
  })

  return {
    ready,
    close: async () => {
      for (const timer of pending.values()) clearTimeout(timer)
      clearTimeout(patience)
      pending.clear()
      for (const watched of watches) watched.close()
    },
  }
}

/** What tells one state of a file from another; an empty file is one that is still being written. A folder is no file. */
async function markOf(path: string): Promise<string> {
  try {
    const found = await stat(path)
    if (!found.isFile()) return 'gone'
    return found.size === 0 ? 'empty' : `${found.size}:${found.mtimeMs}:${found.ino}`
  } catch {
    return 'gone'
  }
}
