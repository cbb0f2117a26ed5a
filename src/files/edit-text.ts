import { randomUUID } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Somebody who writes faster than this gives us no chance; then the edit is not made. */
const MOST_TRIES = 20

/**
 * Changes a text file as a whole: a reader sees the old text or the new one, and so does a crash. What
 * somebody else writes meanwhile is not lost: the edit is made again on the new text. Mode and owner stay.
 * Bytes that are not UTF-8 are left alone.
 * @throws what the file system says, and when the file does not stand still
 */
export async function editText(path: string, edit: (text: string) => string): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const before = await stat(path)
    const bytes = await readFile(path)
    const text = bytes.toString('utf8')
    const edited = edit(text)
    if (edited === text || !Buffer.from(text).equals(bytes)) return
    if (await replaceIfUnchanged(path, before, edited)) return
  }
  throw new Error(`${basename(path)} is being written all the time`)
}

async function replaceIfUnchanged(path: string, before: Stats, text: string): Promise<boolean> {
  // Hidden, so that nobody who watches the folder takes it for a file of its own.
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`)
  const file = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, before.mode)
  try {
    try {
      await file.writeFile(text)
      await file.chmod(before.mode)
      // Only root may give a file away; anybody else owns it already.
      await file.chown(before.uid, before.gid).catch(() => undefined)
      await file.sync()
    } finally {
      await file.close()
    }
    if (!isSame(before, await stat(path))) return false
    await rename(temporary, path)
    return true
  } finally {
    await rm(temporary, { force: true })
  }
}

function isSame(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs
}
