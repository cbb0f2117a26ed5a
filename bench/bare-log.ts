import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * The floor: the same lines, appended by a loop that does nothing else, flushed as often as the
 * measured run flushed.
 * @returns seconds
 */
export async function bareLog(lines: readonly string[], flushes: number): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), 'tutti-bench-'))
  const file = await open(join(dir, 'events.jsonl'), 'a')
  try {
    const share = Math.ceil(lines.length / Math.max(1, flushes))
    const begun = performance.now()
    for (let at = 0; at < lines.length; at += share) {
      await file.appendFile(lines.slice(at, at + share).join(''))
      await file.datasync()
    }
    return (performance.now() - begun) / 1000
  } finally {
    await file.close()
    await rm(dir, { recursive: true, force: true })
  }
}
