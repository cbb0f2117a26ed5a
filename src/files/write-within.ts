import { createHash, randomUUID } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { relativePath } from './relative-path.ts'

export type WriteResult =
  | {
      result: 'written'
      /** Relative to the root, normalised, with `/`. */
      path: string
      /** Bytes. */
      size: number
      sha256: string
      /** `same`: the file already held exactly this, and was not touched. */
      written: 'new' | 'changed' | 'same'
    }
  | { result: 'refused'; path: string; reason: string }

/**
 * Writes a file below `root`, or refuses the path; folders below it are made as they are needed. A reader sees
 * the old content or the new one, never a part. Throws where the file system fails (full, read-only).
 *
 * It withstands any path and whatever lies in the folder when it is called; not a process that swaps a
 * folder for a link in that very moment, for which Node has no `openat`.
 */
export async function writeWithin(root: string, path: string, content: string | Uint8Array): Promise<WriteResult> {
  const wanted = relativePath(path)
  if ('reason' in wanted) return { result: 'refused', path, reason: wanted.reason }
  const target = join(root, ...wanted.folders, wanted.name)
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  // Nothing lies in a folder that was not there: most results are the first of their task.
  const isNew = await isNewFolder(root, wanted.folders)
  const reason = isNew ? undefined : await obstacle(root, wanted.folders)
  if (reason !== undefined) return { result: 'refused', path, reason }
  const before = isNew ? undefined : await lstatOrAbsent(target)
  if (before?.isSymbolicLink()) return { result: 'refused', path, reason: 'it is a symbolic link' }
  if (before?.isDirectory()) return { result: 'refused', path, reason: 'it is a folder' }
  if (before !== undefined && !before.isFile()) return { result: 'refused', path, reason: 'it is not a regular file' }

  const same = before?.size === bytes.length && (await readFile(target)).equals(bytes)
  if (!same) await replace(root, wanted.folders, target, bytes)
  return {
    result: 'written',
    path: [...wanted.folders, wanted.name].join('/'),
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    written: same ? 'same' : before === undefined ? 'new' : 'changed',
  }
}

/** Makes the folder of a file if it lies directly below `root`, is not there, and can be made. One that is further down may be reached by a link. */
async function isNewFolder(root: string, [folder, ...deeper]: readonly string[]): Promise<boolean> {
  if (folder === undefined || deeper.length > 0) return false
  return mkdir(join(root, folder)).then(
    () => true,
    () => false,
  )
}

/** What on the way down from `root` is not a folder of its own, if there is something. */
async function obstacle(root: string, folders: readonly string[]): Promise<string | undefined> {
  for (const depth of folders.keys()) {
    const way = folders.slice(0, depth + 1)
    const stats = await lstatOrAbsent(join(root, ...way))
    if (stats === undefined) return undefined
    if (stats.isSymbolicLink()) return `it goes through the symbolic link "${way.join('/')}"`
    if (!stats.isDirectory()) return `"${way.join('/')}" is a file, not a folder`
  }
  return undefined
}

async function lstatOrAbsent(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(absent)
}

/**
 * Makes `root` and folders below it, one by one: asked for a whole way, Node says that nothing is there where the file
 * system is read-only. What `root` lies in has to be there: a place that somebody has moved away is not made anew.
 */
export async function makeFolders(root: string, folders: readonly string[]): Promise<void> {
  const made = await mkdir(join(root, ...folders)).then(
    () => true,
    (error: unknown) => codeOf(error) === 'EEXIST',
  )
  if (made) return
  for (let depth = 0; depth <= folders.length; depth++) {
    await mkdir(join(root, ...folders.slice(0, depth))).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error
    })
  }
}

async function replace(root: string, folders: readonly string[], target: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(root, ...folders, `.tutti-${randomUUID()}.tmp`)
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
  const create = () => open(temporary, flags, 0o666)
  const file = await create().catch(async (error: unknown) => {
    absent(error)
    await makeFolders(root, folders)
    return create()
  })
  try {
    try {
      await file.writeFile(bytes)
    } finally {
      await file.close()
    }
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

function absent(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
