import { link, lstat, mkdir, rename, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { errorCode } from '../core/error.ts'

/** What a file system answers that has no hard links, or none here. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK', 'EACCES'])

/**
 * Moves a file into a folder and never over another one: a number is added to its name. It can be
 * repeated after a crash at any point: a file that has both names already loses the old one.
 * @param hardLink stands in for `link(2)`
 * @returns the new path
 */
export async function moveAside(from: string, folder: string, hardLink: typeof link = link): Promise<string> {
  await mkdir(folder, { recursive: true })
  for (let number = 1; ; number += 1) {
    const to = join(folder, numbered(basename(from), number))
    if (await moveIfFree(from, to, hardLink)) return to
  }
}

/** Moves a file to where it was before, unless another one has that place. @returns whether it lies there now */
export async function moveBack(from: string, to: string): Promise<boolean> {
  if (from === to) return true
  await mkdir(dirname(to), { recursive: true })
  return moveIfFree(from, to, link)
}

/** `name.md`, `name-2.md`; `name.task.md`, `name-2.task.md`. */
export function numbered(name: string, number: number): string {
  return number === 1 ? name : name.replace(/(?:\.task)?\.[^.]*$/i, (ending) => `-${number}${ending}`)
}

/** False when something else has the name. Unlike a rename, a link never replaces what is there. */
async function moveIfFree(from: string, to: string, hardLink: typeof link): Promise<boolean> {
  try {
    await hardLink(from, to)
  } catch (error) {
    const code = errorCode(error)
    if (code === 'EEXIST') {
      if (!(await isSameFile(from, to))) return false
    } else if (code !== undefined && NO_LINKS.has(code)) {
      if (await isThere(to)) return false
      await rename(from, to)
      return true
    } else throw error
  }
  await unlink(from)
  return true
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([lstat(one, { bigint: true }), lstat(other, { bigint: true })])
  return a.dev === b.dev && a.ino === b.ino
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
}
