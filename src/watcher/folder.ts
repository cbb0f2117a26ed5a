import { watch, type FSWatcher } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { errorCode, errorMessage } from '../core/error.ts'

/** A folder in which something happens is listed no more often. */
const LIST_MS = 1_000

type FolderHooks = {
  /** Something may have happened to what has this name: it has come, changed or gone. */
  touched: (name: string) => void
  failed: (error: unknown) => void
}

export type FolderWatch = {
  /** Resolves when everything that was there has been named. */
  ready: Promise<void>
  close: () => void
}

/**
 * Watches what lies directly in a folder by the operating system's own watch. What that says are hints: it forgets some
 * where too much happens at once, and says nothing more once the folder is another one. So a folder in which something
 * has happened is listed a moment later, names only, and a folder that is gone is waited for.
 *
 *   watched ──hint──▶ touched; listed in a while ──▶ touched: what has come and gone since the listing before
 *      ▲                          │
 *      └──────────────────────────┴─ it is gone, or another: watched anew
 */
export function watchFolder(folder: string, { touched, failed }: FolderHooks): FolderWatch {
  let names: ReadonlySet<string> = new Set()
  let watched: { identity: string; by: FSWatcher } | undefined
  let soon: NodeJS.Timeout | undefined
  let refused = false
  let closed = false

  function listSoon(): void {
    if (!closed) soon ??= setTimeout(() => void list(), LIST_MS)
  }

  /** What happens meanwhile is told by the watch, which is there first. */
  async function list(): Promise<void> {
    soon = undefined
    try {
      await watchIt()
      const now = new Set(await readdir(folder))
      if (closed) return
      const before = names
      names = now
      for (const name of now) if (!before.has(name)) touched(name)
      for (const name of before) if (!now.has(name)) touched(name)
    } catch (error) {
      unwatch()
      if (errorCode(error) !== 'ENOENT') tell(error)
    }
    if (watched === undefined) listSoon()
  }

  /** One that cannot be watched is listed again and again: what is dropped is found all the same. */
  async function watchIt(): Promise<void> {
    const { dev, ino, birthtimeMs } = await stat(folder)
    // One that is made anew may get the number of the one before.
    const identity = `${dev}:${ino}:${birthtimeMs}`
    if (closed || watched?.identity === identity) return
    unwatch()
    try {
      const by = watch(folder, (_, name) => {
        if (name !== null) touched(name)
        listSoon()
      })
      by.on('error', listSoon)
      watched = { identity, by }
    } catch (error) {
      tell(new Error(`${errorMessage(error)}; it is listed once a second instead: what is dropped is found, an edit of what lies there is not`))
    }
  }

  function tell(error: unknown): void {
    if (!refused) failed(error)
    refused = true
  }

  function unwatch(): void {
    watched?.by.close()
    watched = undefined
  }

  return {
    // Some systems begin to watch a moment after they were asked to.
    ready: list().then(listSoon),
    close: () => {
      closed = true
      clearTimeout(soon)
      unwatch()
    },
  }
}
