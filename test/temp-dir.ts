import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder of the test's own, gone when the test has ended. */
export async function tempDir(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'tutti-test-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}
