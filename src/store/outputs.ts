import { createHash } from 'node:crypto'
import { constants, createReadStream, type Dirent } from 'node:fs'
import { chmod, lstat, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeptFile } from '../core/cache-entry.ts'
import { errorCode, refusedAt } from '../core/error.ts'
import { mediaType } from '../core/media-type.ts'
import type { FileRecord, RefusedFile } from '../core/outcome.ts'
import { relativePath } from '../files/relative-path.ts'
import { makeFolders, writeWithin } from '../files/write-within.ts'
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

  async function put(task: string, path: string, content: string | Uint8Array): Promise<FileRecord | RefusedFile> {
    const wanted = relativePath(path)
    if ('reason' in wanted) return { path, reason: wanted.reason }
    // The task's own folder is part of the way: a task that puts a link in its place leads nowhere.
    const result = await writeWithin(outputs, `${task}/${path}`, content).catch((error: unknown) => Promise.reject(refusedAt(join(outputs, task, path), error)))
    if (result.result === 'refused') return { path, reason: result.reason }
    const { size, sha256, written } = result
    return { path: `outputs/${result.path}`, sha256, size, media_type: mediaType(result.path), written }
  }

  async function kept(task: string, files: readonly FileRecord[]): Promise<KeptFile[] | undefined> {
    const entries = await entriesOf(folder(task))
    if (entries.some((entry) => !entry.isFile() && !entry.isDirectory())) return undefined
    const all: KeptFile[] = []
    for (const { path, sha256 } of files) {
      const bytes = await readFile(join(root, path))
      if (createHash('sha256').update(bytes).digest('hex') !== sha256) return undefined
      const isExecutable = ((await stat(join(root, path))).mode & constants.S_IXUSR) !== 0
      const executable = isExecutable ? { executable: true as const } : {}
      all.push({ path: path.slice(`outputs/${task}/`.length), content: bytes.toString('base64'), ...executable })
    }
    return all
  }

  return {
    folder,
    prepare: async (task) => {
      await makeFolders(outputs, [task]).catch((error: unknown) => Promise.reject(refusedAt(folder(task), error)))
    },
    writeFiles,
    writeAnswer: async (task, text) => {
      if (text === '') return undefined
      const record = await put(task, ANSWER, text)
      if ('reason' in record) throw new Error(`the answer cannot be kept as ${ANSWER}: ${record.reason}`)
      return record
    },
    collect: async (task) => {
      const paths = (await entriesOf(folder(task))).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
      const files: FileRecord[] = []
      // One after the other: there may be thousands, and some of them large.
      for (const path of paths.sort()) if (path !== join(folder(task), ANSWER)) files.push(await recordOf(root, path))
      return { files, refused: [] }
    },
    read: (path) => readFile(join(root, path), 'utf8'),
    keep: async (task, files) => {
      try {
        return await kept(task, files)
      } catch (error) {
        if (errorCode(error) === undefined) throw error
        return undefined
      }
    },
    restore: async (task, files) => {
      for (const { path, content, executable } of files) {
        const record = await put(task, path, Buffer.from(content, 'base64'))
        if ('reason' in record) return false
        if (executable === true) await chmod(join(root, record.path), 0o755)
      }
      return true
    },
  }
}

/** All that lies below a task's folder. A command may have taken it away, or put a link in its place: then it has left nothing. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  const isFolder = await lstat(folder).then((stats) => stats.isDirectory(), () => false)
  return isFolder ? readdir(folder, { recursive: true, withFileTypes: true }) : []
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
