import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { errorCode, errorMessage } from '../core/error.ts'
import type { FileStatus } from '../core/task.ts'
import { editText } from '../files/edit-text.ts'
import { contentSha256, INBOXES, nameIn } from './inbox.ts'
import { moveAside, moveBack, numbered } from './move-aside.ts'
import { setStatus } from './set-status.ts'

/** `gone`: somebody removed the file. `changed`: it is not what was run. `refused`: the file system did not let us. */
export type Filed = { result: 'filed'; path: string } | { result: 'gone' | 'changed' } | { result: 'refused'; reason: string }

/**
 * Writes a status into a task file, as it is now: what a person changed since it was read stays.
 * @param dir the workspace, absolute
 * @param file relative to it
 */
export async function writeStatus(dir: string, file: string, status: FileStatus): Promise<Filed> {
  try {
    const path = resolve(dir, file)
    await editText(path, (text) => setStatus(path, text, status))
    return { result: 'filed', path: file }
  } catch (error) {
    return failed(error)
  }
}

/**
 * Writes a task file's status, and moves it to where that belongs: complete ones to `tasks/completed/`, failed ones to
 * `tasks/failed/`, and all others to where they were dropped. Never overwrites; can be repeated after a crash. A file
 * that was changed since it was read is marked as pending, and stays.
 * @param dir the workspace, absolute
 * @param file relative to it
 * @param content_sha256 what was read, whatever its status said
 * @param dropped where it was dropped, relative to the workspace; a place that another file has taken by now is left to that
 * @returns the path it has now, relative to the workspace
 */
export async function fileAway(dir: string, file: string, status: FileStatus, content_sha256: string, dropped = file): Promise<Filed> {
  const shelf = shelfFor(status)
  const now = await contentOf(resolve(dir, file))
  if (now === undefined) return shelf === undefined ? whetherItIsBack(dir, dropped, content_sha256) : whereItWent(dir, file, shelf, content_sha256)
  if (now !== content_sha256) {
    const marked = await writeStatus(dir, file, 'pending')
    return marked.result === 'filed' ? { result: 'changed' } : marked
  }
  const written = await writeStatus(dir, file, status)
  if (written.result !== 'filed') return written
  try {
    if (shelf === undefined) return { result: 'filed', path: (await moveBack(resolve(dir, file), resolve(dir, dropped))) ? dropped : file }
    const isOurs = INBOXES.includes(dirname(file)) || file !== dropped
    if (!isOurs || dirname(file) === `tasks/${shelf}`) return written
    const path = await moveAside(resolve(dir, file), join(dir, 'tasks', shelf))
    return { result: 'filed', path: nameIn(dir, path) }
  } catch (error) {
    return failed(error)
  }
}

/** What a file holds, whatever its status says; nothing for one that is not there. */
async function contentOf(path: string): Promise<string | undefined> {
  try {
    return contentSha256(path, await readFile(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** A crash may have come between the move and its record: then the file stands on its shelf already. */
async function whereItWent(dir: string, file: string, shelf: string, content_sha256: string): Promise<Filed> {
  for (let number = 1; ; number += 1) {
    const path = join(dir, 'tasks', shelf, numbered(basename(file), number))
    const content = await contentOf(path)
    if (content === undefined) return { result: 'gone' }
    if (content === content_sha256) return { result: 'filed', path: nameIn(dir, path) }
  }
}

/** The same for a file that was put back to where it was dropped. */
async function whetherItIsBack(dir: string, dropped: string, content_sha256: string): Promise<Filed> {
  return (await contentOf(resolve(dir, dropped))) === content_sha256 ? { result: 'filed', path: dropped } : { result: 'gone' }
}

function shelfFor(status: FileStatus): string | undefined {
  switch (status) {
    case 'complete':
      return 'completed'
    case 'failed':
      return 'failed'
    case 'pending':
    case 'running':
    case 'incomplete':
      return undefined
  }
}

/** Nothing about a task file ends a run. */
function failed(error: unknown): Filed {
  return errorCode(error) === 'ENOENT' ? { result: 'gone' } : { result: 'refused', reason: errorMessage(error) }
}
