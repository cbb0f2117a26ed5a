import { expect, it } from 'vitest'
import { tempDir } from '../temp-dir.ts'
import { crashAtEveryBoundary } from './boundary.ts'
import { killAgainAndAgain } from './kill.ts'
import { handInMuch } from './load.ts'
import { failAtRandom } from './providers.ts'

/*
 * What `npm run chaos` does at length, in short: enough to notice that it no longer holds.
 */

const SEED = 20_261

const LONG = { timeout: 300_000 }
const chaos = async () => ({ seed: SEED, dir: await tempDir(), say: () => {} })

it('a conductor that is killed again and again ends its run as if it had not been', LONG, async () => {
  const { kills } = await killAgainAndAgain(await chaos(), { plans: 1, size: 9, kills: 3, at_once: 1 })
  expect(kills).toBeGreaterThan(0)
})

it('a run that is cut off at any of its events goes on to the same end', LONG, async () => {
  const { boundaries, resumed } = await crashAtEveryBoundary(await chaos(), { size: 7, cuts: { step: 5 }, by_program: 0, at_once: 4 })
  expect(boundaries).toBeGreaterThan(40)
  expect(resumed).toBeGreaterThan(4)
})

it('whatever a provider fails with, each task comes to the end that is right for it', LONG, async () => {
  const { failures } = await failAtRandom(await chaos(), 60)
  expect(failures).toBeGreaterThan(5)
})

it('more than is handed in at once anywhere is done, each of it once, in memory that stays as it is', LONG, async () => {
  expect(await handInMuch({ ...(await chaos()), long: false }, { tasks: 300, files: 100, log_mb: 3, running_s: 3 })).toHaveLength(4)
})
