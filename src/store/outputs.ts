import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mediaType } from '../core/media-type.ts'
import type { FileRecord, RefusedFile } from '../core/outcome.ts'
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
    if (path === ANSWER) return { path, reason: `${ANSWER} holds the answer itself` }
    return put(task, path, content)
  }

  async function put(task: string, path: string, content: string): Promise<FileRecord | RefusedFile> {
    await mkdir(folder(task), { recursive: true })
    const result = await writeWithin(folder(task), path, content)
    if (result.result === 'refused') return { path: result.path, reason: result.reason }
    const { size, sha256, written } = result
    return { path: `outputs/${task}/${result.path}`, sha256, size, media_type: mediaType(result.path), written }
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
      if ('reason' in record) throw new Error(`cannot keep the answer of "${task}": ${record.reason}`)
      return record
    },
    collect: async (task) => {
      const entries = await readdir(folder(task), { recursive: true, withFileTypes: true })
      const files = entries.filter((entry) => entry.isFile() && entry.name !== ANSWER)
      const records = await Promise.all(files.map((entry) => recordOf(root, join(entry.parentPath, entry.name))))
      return { files: records.sort((a, b) => a.path.localeCompare(b.path)), refused: [] }
    },
    read: (path) => readFile(join(root, path), 'utf8'),
  }
}

async function recordOf(root: string, path: string): Promise<FileRecord> {
  const content = await readFile(path)
  const relative = path.slice(root.length + 1).replaceAll('\\', '/')
  return { path: relative, sha256: sha256(content), size: content.length, media_type: mediaType(path), written: 'new' }
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
