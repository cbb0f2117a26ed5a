import { constants } from 'node:fs'
import { open, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { errorMessage } from '../core/error.ts'
import type { RunFolder } from '../store/run-folder.ts'
import type { Workspace } from './workspace.ts'

/** The beginning of a file that a run holds; `cut`: there is more of it. */
export type Preview = { is: 'text'; text: string; cut: boolean } | { is: 'binary' } | { is: 'unreadable'; why: string }

/** Bytes of a file that are looked at. */
const MOST_BYTES = 64 * 1024

/**
 * The beginning of a file in a run's folder, never of one outside of it, whatever links a task has put there. Secrets
 * are taken out of it.
 * @param path relative to the run's folder
 */
export async function previewFile({ redactor }: Workspace, folder: RunFolder, path: string): Promise<Preview> {
  try {
    const [root, real] = await Promise.all([realpath(folder.path), realpath(join(folder.path, path))])
    if (!real.startsWith(root + sep)) return { is: 'unreadable', why: "it lies outside of the run's folder" }
    const bytes = await beginningOf(real)
    if (bytes === undefined) return { is: 'unreadable', why: 'it is not a regular file' }
    const cut = bytes.length > MOST_BYTES
    const text = textOf(bytes.subarray(0, MOST_BYTES), cut)
    return text === undefined ? { is: 'binary' } : { is: 'text', text: redactor.text(text), cut }
  } catch (error) {
    return { is: 'unreadable', why: errorMessage(error) }
  }
}

/** Nothing where it is no regular file: a pipe would keep whoever opens it waiting. */
async function beginningOf(path: string): Promise<Buffer | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  try {
    if (!(await file.stat()).isFile()) return undefined
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES + 1), 0, MOST_BYTES + 1, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** Bytes as text; undefined where they are none. */
function textOf(bytes: Buffer, cut: boolean): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    // The last sign of what was cut may be there in part only: as a stream it is not missed.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut })
  } catch {
    return undefined
  }
}
