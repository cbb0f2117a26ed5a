import { createHash } from 'node:crypto'
import { lstat, readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { errorCode, errorMessage } from '../core/error.ts'
import type { Problem } from '../core/problem.ts'
import { looksLikeTaskFile } from './parse-task-file.ts'
import { setStatus } from './set-status.ts'

/** Where a dropped file is picked up, relative to the workspace. */
export const INBOXES: readonly string[] = ['tasks', 'tasks/pending']
/** What lies in many a folder and is no task, unless somebody names it. */
const OTHER_FILES: ReadonlySet<string> = new Set(['config.json', 'package.json', 'package-lock.json', 'tsconfig.json', 'readme.md', 'changelog.md'])
/** Folders in `tasks/` whose files are not to be run: done with, or samples. */
const SHELVES: ReadonlySet<string> = new Set(['completed', 'failed', 'examples'])
const MAX_BYTES = 64 * 1024 * 1024

/** A task file as it lies on disk. */
export type TaskFile = {
  /** Relative to the workspace where it lies inside it (with `/`), else absolute. */
  file: string
  bytes: Buffer
  text: string
  sha256: string
  /** The same whatever the status in it says. */
  content_sha256: string
  /** Bytes. */
  size: number
  /** It was dropped into an inbox: its status is written back and it is filed away. */
  inbox: boolean
}

/**
 * Reads a task file's bytes, or tells why it cannot be read. Symbolic links are followed; what lies
 * behind one is not the inbox's to move.
 * @param dir the workspace, absolute
 * @param path absolute, or relative to the workspace
 */
export async function readTaskFile(dir: string, path: string): Promise<TaskFile | Problem> {
  const absolute = resolve(dir, path)
  const file = nameIn(dir, absolute)
  try {
    const stats = await stat(absolute)
    if (stats.isDirectory()) return { file, message: 'this is a folder; name a task file in it' }
    if (!stats.isFile()) return { file, message: 'this is not a regular file' }
    if (stats.size > MAX_BYTES) return { file, message: `this has ${stats.size} bytes, and at most ${MAX_BYTES} are read; split it` }
    const bytes = await readFile(absolute)
    const inbox = INBOXES.includes(dirname(file)) && !(await lstat(absolute)).isSymbolicLink()
    const text = bytes.toString('utf8')
    return { file, bytes, text, sha256: sha256(bytes), content_sha256: contentSha256(file, text), size: bytes.length, inbox }
  } catch (error) {
    return { file, message: errorCode(error) === 'ENOENT' ? 'there is no such file' : `it cannot be read: ${errorMessage(error)}` }
  }
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** Tells one content of a task file from another, whatever their status says. */
export function contentSha256(file: string, text: string): string {
  return sha256(setStatus(file, text, 'pending'))
}

/** The name that a file has in plans. */
export function nameIn(dir: string, absolute: string): string {
  const inside = relative(dir, absolute)
  const isOutside = inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)
  return isOutside ? absolute : inside.split(sep).join('/')
}

/**
 * The task files in a folder and below it, absolute, sorted by their path. What `tasks/` keeps as done,
 * failed or example is left out, and so are hidden folders, `node_modules`, and files that are known to
 * be something else, such as a README.
 * @param dir absolute
 * @param runs the folder of the workspace's runs, absolute: what lies in it was read already
 */
export async function listTaskFiles(dir: string, runs: string): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name)
    if (entry.isDirectory()) {
      const isShelf = basename(dir) === 'tasks' && SHELVES.has(entry.name)
      const isOther = isShelf || path === runs || entry.name.startsWith('.') || entry.name === 'node_modules'
      if (!isOther) found.push(...(await listTaskFiles(path, runs)))
    } else if (looksLikeTaskFile(entry.name) && !OTHER_FILES.has(entry.name.toLowerCase()) && (entry.isFile() || (await leadsToFile(path)))) {
      found.push(path)
    }
  }
  return found.sort()
}

/** A link that leads nowhere counts: reading it tells what is wrong. */
async function leadsToFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch {
    return true
  }
}
