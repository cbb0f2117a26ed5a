import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../core/error.ts'
import { writePrivate } from '../files/write-private.ts'
import type { AccessFolder } from './folder.ts'

const BYTES = 32
const ANEW = 'every token has to be made anew then'

/**
 * The key that the workspace's tokens are signed with: `runs/access/secret`. It is made on first use, and two who need
 * it at the same moment get the same one. A key object shows nothing of itself when it is printed.
 */
export function workspaceSecret(folder: AccessFolder): () => Promise<KeyObject> {
  let key: Promise<KeyObject> | undefined
  return () =>
    (key ??= readOrMake(folder).catch((error: unknown) => {
      key = undefined
      throw error
    }))
}

async function readOrMake({ path: folder, alone }: AccessFolder): Promise<KeyObject> {
  const path = join(folder, 'secret')
  return (
    (await read(path)) ??
    alone(async () => {
      const made = await read(path)
      if (made !== undefined) return made
      const bytes = randomBytes(BYTES)
      await writePrivate(path, `${bytes.toString('base64url')}\n`)
      return createSecretKey(bytes)
    })
  )
}

async function read(path: string): Promise<KeyObject | undefined> {
  let text: string
  let mode: number
  try {
    text = (await readFile(path, 'utf8')).trim()
    mode = (await stat(path)).mode & 0o777
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
  // Windows knows no such modes.
  if ((mode & 0o077) !== 0 && process.platform !== 'win32') {
    throw new Error(`${path} can be read by other users (mode 0${mode.toString(8)}): chmod 600 it; or delete it where somebody may have read it (${ANEW})`)
  }
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length !== BYTES || bytes.toString('base64url') !== text) throw new Error(`${path} does not hold ${BYTES} bytes in base64url: delete it, and another one is made (${ANEW})`)
  return createSecretKey(bytes)
}
