import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mediaType } from '../core/media-type.ts'
import type { FileRecord, RefusedFile } from '../core/outcome.ts'
import { relativePath } from '../files/relative-path.ts'
import { writeWithin } from '../files/write-within.ts'
import type { RunFolder } from './run-folder.ts'
import type { Outputs, Written } from './store.ts'

const ANSWER = 'output.md'

export function openOutputs({ path: root, outputs }: RunFolder): Outputs {
  const folder = (task: string) => join(outputs, task)

  /** One at a time: two blocks of an answer may name the same file. */
  async function writeFiles(task: string, files: readonly { path: string; content: string }[]): Promise<Written> {
    const written: Written = { files: [], refused: [] }
    for (const { path, content } of files) {
      const result = await write(task, path, content)
      if ('reason' in result) written.refused.push(result)
      else written.files.push(result)
    }
    return written
  }

  async function write(task: string, path: string, content: string): Promise<FileRecord | RefusedFile> {
    if (path.split('/').find((step) => step !== '.') === ANSWER) return { path, reason: `${ANSWER} holds the answer itself` }
    return put(task, path, content)
  }

  async function put(task: string, path: string, content: string): Promise<FileRecord | RefusedFile> {
    const wanted = relativePath(path)
    if ('reason' in wanted) return { path, reason: wanted.reason }
    // The task's own folder is part of the way: a task that puts a link in its place leads nowhere.
    const result = await writeWithin(outputs, `${task}/${path}`, content)
    if (result.result === 'refused') return { path, reason: result.reason }
    const { size, sha256, written } = result
    return { path: `outputs/${result.path}`, sha256, size, media_type: mediaType(result.path), written }
  }

  return {
    folder,
    prepare: async (task) => {
      await mkdir(folder(task), { recursive: true })
    },
    writeFiles,
    writeAnswer: async (task, text) => {
      if (text === '') return undefined
      const record = await put(task, ANSWER, text)
      if ('reason' in record) throw new Error(`the answer cannot be kept as ${ANSWER}: ${record.reason}`)
      return record
    },
    collect: async (task) => {
      // A command may have taken its folder away, or put a link in its place: then it has left nothing.
      const isFolder = await lstat(folder(task)).then((stats) => stats.isDirectory(), () => false)
      const entries = isFolder ? await readdir(folder(task), { recursive: true, withFileTypes: true }) : []
      const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
      const files: FileRecord[] = []
      // One after the other: there may be thousands, and some of them large.
      for (const path of paths.sort()) if (path !== join(folder(task), ANSWER)) files.push(await recordOf(root, path))
      return { files, refused: [] }
    },
    read: (path) => readFile(join(root, path), 'utf8'),
  }
}

async function recordOf(root: string, path: string): Promise<FileRecord> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk)
    size += chunk.length
  }
  const relative = path.slice(root.length + 1).replaceAll('\\', '/')
  return { path: relative, sha256: hash.digest('hex'), size, media_type: mediaType(path), written: 'new' }
}
