import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { errorCode } from '../core/error.ts'
import type { RunFolder } from './run-folder.ts'

/**
 * Keeps a task file's bytes in the run, exactly as they were read, once: its name holds the beginning of
 * its checksum, so that another file, or another state, of the same name does not clash.
 * @returns the path relative to the run's folder
 */
export async function keepInput({ inputs }: RunFolder, file: string, bytes: Uint8Array): Promise<string> {
  const extension = extname(file)
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 8)
  for (const name of [basename(file), `${basename(file, extension)}-${digest}${extension}`]) {
    try {
      await writeFile(join(inputs, name), bytes, { flag: 'wx' })
      return `inputs/${name}`
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
    }
  }
  return `inputs/${basename(file, extension)}-${digest}${extension}`
}
