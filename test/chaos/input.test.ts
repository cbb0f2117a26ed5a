import { expect, it } from 'vitest'
import { seededRandom } from '../random.ts'
import { tempDir } from '../temp-dir.ts'
import { input } from './input.ts'

/*
 * The short form of `npm run chaos -- --only input`, with the same chance every time.
 */

const seed = 20_261_129

it('what comes from outside breaks nothing, hangs nothing and writes nowhere else', { timeout: 180_000 }, async () => {
  expect(await input.run({ seed, random: seededRandom(seed), long: false, dir: await tempDir(), say: () => {} })).toHaveProperty('seen')
})
