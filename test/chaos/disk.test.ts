import { afterAll, beforeAll, expect, it } from 'vitest'
import { seededRandom } from '../random.ts'
import { tempDir } from '../temp-dir.ts'
import { KINDS } from './disk.ts'
import { openMounts } from './disk/mounts.ts'

/*
 * The short form of `npm run chaos -- --only disk`, with the same chance every time.
 */

const SEED = 20_261_129
/** Several programs one after the other, on a machine that runs other tests beside them; ms. */
const PATIENCE = 180_000

let mounts: Awaited<ReturnType<typeof openMounts>>
beforeAll(async () => {
  mounts = await openMounts('/tmp')
})
afterAll(async () => {
  if (!('skipped' in mounts)) await mounts.end()
})

it.each(KINDS.map(({ name, run }) => ({ name, run })))('a run withstands: $name', { timeout: PATIENCE }, async ({ run }) => {
  expect(await run({ random: seededRandom(SEED), long: false, dir: await tempDir(), mounts })).not.toBe('')
})
