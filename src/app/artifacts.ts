import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { RunFolder } from '../store/run-folder.ts'
import { manifestOfRun } from './runs.ts'

/** A file of the manifest, held against what lies on disk. */
export type Verdict = { path: string; verdict: 'intact' | 'changed' | 'missing' }

/** Holds every file that a run's tasks produced against the checksum in its manifest. */
export async function validateArtifacts(folder: RunFolder): Promise<Verdict[]> {
  const { files } = await manifestOfRun(folder)
  const verdicts: Verdict[] = []
  for (const { path, sha256 } of files) {
    const found = await sha256Of(join(folder.path, path))
    verdicts.push({ path, verdict: found === undefined ? 'missing' : found === sha256 ? 'intact' : 'changed' })
  }
  return verdicts
}

async function sha256Of(path: string): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path), hash)
    return hash.digest('hex')
  } catch {
    return undefined
  }
}
