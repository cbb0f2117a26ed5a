import { readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { errorCode } from '../core/error.ts'

/** A sample task file that comes with Tutti. */
export type Template = { name: string; file: string }

/** The samples of `tasks/examples/`, beside the program: the folder above `dist/` (or `src/`). */
async function examplesFolder(): Promise<string> {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    const examples = join(folder, 'tasks', 'examples')
    const names = await readdir(examples).catch(() => [])
    if (names.length > 0) return examples
  }
  throw new Error('the sample task files are missing from this installation; reinstall tutti')
}

/** All samples, by the part of their file's name before the first dot. */
export async function listTemplates(): Promise<Template[]> {
  const entries = await readdir(await examplesFolder(), { withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => ({ name: name.slice(0, name.indexOf('.')), file: name }))
}

/**
 * Copies a sample into a folder. A file that is there already stays: a number is added.
 * @returns the new file's path
 */
export async function writeTemplate({ name, file }: Template, folder: string): Promise<string> {
  const text = await readFile(join(await examplesFolder(), file))
  const extension = file.endsWith('.task.md') ? '.task.md' : extname(file)
  for (let number = 1; ; number++) {
    const path = join(folder, `${name}${number === 1 ? '' : `-${number}`}${extension}`)
    try {
      await writeFile(path, text, { flag: 'wx' })
      return path
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
    }
  }
}
