import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Makes a folder of its own for `use`, and removes it afterwards; undefined when it could not be made. */
export async function withTempFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'tutti-')).catch(() => undefined)
  if (folder === undefined) return undefined
  try {
    return await use(folder)
  } finally {
    // What was made impossible to remove must not change what came of it.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined)
  }
}
