import { expect, it } from 'vitest'
import { tempDir } from '../temp-dir.ts'
import { killAgainAndAgain } from './kill.ts'

/*
 * What `npm run chaos` does at length, in short: enough to notice that it no longer holds.
 */

const SEED = 20_261

const LONG = { timeout: 120_000 }
const chaos = async () => ({ seed: SEED, dir: await tempDir(), say: () => {} })

it('a conductor that is killed again and again ends its run as if it had not been', LONG, async () => {
  const { kills } = await killAgainAndAgain(await chaos(), { plans: 1, size: 9, kills: 3, at_once: 1 })
  expect(kills).toBeGreaterThan(0)
})
