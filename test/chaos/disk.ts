import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { seededRandom } from '../random.ts'
import { clockBack } from './disk/clock.ts'
import { damaged, emptyManifest, newer, torn } from './disk/damaged.ts'
import { full, fullOf } from './disk/full.ts'
import { gone, readOnly } from './disk/gone.ts'
import type { Kind } from './disk/kind.ts'
import { racing, staleLock } from './disk/locks.ts'
import { openMounts } from './disk/mounts.ts'
import type { Chaos, Fault } from './fault.ts'

/** All of them; how often each is done is for it to say. The tests do all; the short form leaves out some that are alike. */
export const KINDS: readonly Kind[] = [full, ...fullOf, readOnly, gone, torn, damaged, newer, emptyManifest, racing, staleLock, clockBack]

/** Kinds that are tried at the same time: most of what they do is to wait for the program. */
const AT_ONCE = 3

export const disk: Fault = {
  name: 'disk',
  about: 'what a run is kept on is full, read-only, gone, damaged, older or newer, or used by two at once; and a clock that goes back',
  run: async (chaos) => {
    const mounts = await openMounts(chaos.dir)
    try {
      const kept = chaos.long ? undefined : chaos.random.of(fullOf)
      const left = KINDS.filter((kind) => chaos.long || !fullOf.includes(kind) || kind === kept).entries()
      const seen: string[] = []
      const broken: string[] = []
      async function work(): Promise<void> {
        for (const [at, kind] of left) await tried(kind, at, { ...chaos, mounts }).then((text) => seen.push(text), (error: unknown) => broken.push(`${kind.name}: ${told(error)}`))
      }
      await Promise.all(Array.from({ length: AT_ONCE }, work))
      if (broken.length > 0) throw new Error(broken.join('\n\n'))
      return { seen: seen.join('; ') }
    } finally {
      if (!('skipped' in mounts)) await mounts.end()
    }
  },
}

/** Each has a folder and a chance of its own, so that what one does with them changes nothing for the others. */
async function tried(kind: Kind, at: number, { seed, long, say, dir, mounts }: Chaos & { mounts: Awaited<ReturnType<typeof openMounts>> }): Promise<string> {
  const own = join(dir, `${at}`)
  await mkdir(own)
  const begun = performance.now()
  const seen = await kind.run({ random: seededRandom(seed + at), long, dir: own, mounts })
  say(`${kind.name}: ${seen} (${((performance.now() - begun) / 1000).toFixed(1)} s)`)
  return `${kind.name}: ${seen}`
}

/** An error with what it was caused by. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message}: ${told(error.cause)}`
}
