import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach } from 'vitest'

/** A workspace on disk, fresh for each test. */
export type WorkspaceFolder = {
  dir: () => string
  /** Writes a file, and gives its path back. */
  put: (path: string, content?: string | Uint8Array) => Promise<string>
  textOf: (path: string) => Promise<string>
  /** Every file, by its path. */
  files: () => Promise<Record<string, string>>
}

export function useWorkspaceFolder(): WorkspaceFolder {
  let dir = ''
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tutti-tasks-'))
  })
  afterEach(async () => {
    await rm(dir, { recursive: true, force: true })
  })

  const textOf = (path: string) => readFile(join(dir, path), 'utf8')
  return {
    dir: () => dir,
    textOf,
    put: async (path, content = 'Hi\n') => {
      await mkdir(dirname(join(dir, path)), { recursive: true })
      await writeFile(join(dir, path), content)
      return path
    },
    files: async () => {
      const entries = (await readdir(dir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
      const paths = entries.map((entry) => relative(dir, join(entry.parentPath, entry.name))).sort()
      return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await textOf(path)] as const)))
    },
  }
}
