import { watch, type FSWatcher } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'

/** An editor writes a file in several steps. */
const SETTLED_MS = 150
/** Not every file system tells of changes. */
const LOOK_MS = 2_000

/**
 * Calls back when a file has been changed, made or taken away. It keeps no process alive.
 * @returns ends the watch
 */
export function watchFile(path: string, changed: () => void): () => void {
  let seen: string | undefined
  let timer: NodeJS.Timeout | undefined
  let watcher: FSWatcher | undefined
  const look = async () => {
    const now = await stampOf(path)
    if (seen !== undefined && now !== seen) changed()
    seen = now
  }
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(() => void look(), SETTLED_MS).unref()
  }
  void look()
  const interval = setInterval(() => void look(), LOOK_MS).unref()
  try {
    // The folder: a file that is replaced is another one.
    watcher = watch(dirname(path), { persistent: false }, (_, name) => {
      if (name === basename(path)) soon()
    }).on('error', () => watcher?.close())
  } catch {
    // The look every few seconds has to do.
  }
  return () => {
    clearTimeout(timer)
    clearInterval(interval)
    watcher?.close()
  }
}

async function stampOf(path: string): Promise<string> {
  return stat(path).then(
    ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
    () => 'not there',
  )
}
