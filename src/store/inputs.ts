import { writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { errorCode } from '../core/error.ts'
import type { RunFolder } from './run-folder.ts'

/**
 * Keeps a task file's bytes in the run, exactly as they were read.
 * @returns the path relative to the run's folder; a number tells apart files of the same name
 */
export async function keepInput({ inputs }: RunFolder, file: string, bytes: Uint8Array): Promise<string> {
  const extension = extname(file)
  const stem = basename(file, extension)
  for (let number = 1; ; number++) {
    const name = number === 1 ? `${stem}${extension}` : `${stem}-${number}${extension}`
    try {
      await writeFile(join(inputs, name), bytes, { flag: 'wx' })
      return `inputs/${name}`
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
    }
  }
}
