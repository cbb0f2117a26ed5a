import { existsSync, readdirSync, statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorMessage } from '../../src/core/error.ts'
import type { RunningProgram } from '../e2e/program.ts'
import { seededRandom, type Random } from '../random.ts'
import type { Chaos, Fault } from './fault.ts'
import { conductToTheEnd } from './conduct.ts'
import { expectTheEnd, expectWhatHoldsAlways } from './expect.ts'
import { mixedPlan } from './mixed-plan.ts'
import { openMixedWorld } from './mixed-world.ts'
import { sideBySide } from './side-by-side.ts'

export const kill: Fault = {
  name: 'kill',
  about: 'kill -9 of the conductor at random instants, again and again, over plans that mix all there is',
  run: async (chaos) => {
    const { plans, kills } = await killAgainAndAgain(chaos, chaos.long ? { plans: 12, size: 16, kills: 12, at_once: 2 } : { plans: 2, size: 12, kills: 3, at_once: 2 })
    return { seen: `${kills} kills over ${plans} plans, and each ended as if there had been none` }
  },
}

type Extent = { plans: number; size: number; kills: number; at_once: number }

/** @param extent `kills`: the most of one plan; `at_once`: plans that are carried out side by side */
export async function killAgainAndAgain({ seed, dir, say }: Pick<Chaos, 'seed' | 'dir' | 'say'>, { plans, size, kills, at_once }: Extent): Promise<{ plans: number; kills: number }> {
  let killed = 0
  await sideBySide([...Array(plans).keys()], at_once, async (number) => {
    const own = join(dir, `plan-${number}`)
    await mkdir(own)
    try {
      // Each plan has a chance of its own, so that what runs beside it changes nothing about it.
      killed += await killOne(own, seededRandom(seed + number), { size, kills })
    } catch (error) {
      throw new Error(`plan ${number}: ${errorMessage(error)}`, { cause: error })
    }
    if (plans > 2) say(`plan ${number + 1} of ${plans} is done, after ${killed} kills in all`)
  })
  return { plans, kills: killed }
}

async function killOne(dir: string, random: Random, { size, kills }: Pick<Extent, 'size' | 'kills'>): Promise<number> {
  const world = await openMixedWorld(dir, mixedPlan(random, size), { cache: random.of(['read', 'off']), pause_ms: 5 })
  try {
    const complete = new Map<string, number>()
    let killed = 0
    const run = await conductToTheEnd(world, random, {
      kill: async (program, isNew) => {
        const isKilled = killed < kills && (await killedAt(program, () => bytesLogged(dir), isNew ? FIRST_BYTES : LATER_BYTES, random))
        if (isKilled) killed += 1
        return isKilled
      },
      after: (isKilled) => expectWhatHoldsAlways(world, complete, isKilled),
    })
    await expectTheEnd(world, run)
    return killed
  } finally {
    await world.end()
  }
}

/** A conductor is killed at the latest when it has logged so many bytes: the first one begins with the whole plan. */
const FIRST_BYTES = 14_000
const LATER_BYTES = 5_000

/**
 * Kills it once its log has grown by some bytes and some milliseconds have gone by, so that the instants are spread over a
 * run on any machine; now and then after some time alone, while it begins.
 */
async function killedAt(program: RunningProgram, size: () => number, most: number, random: Random): Promise<boolean> {
  const from = size()
  const more = random.below(5) === 0 ? 0 : random.below(most)
  const later_ms = more === 0 ? random.below(500) : random.below(40)
  const isOver = program.then(() => true)
  while (size() - from < more) if (await Promise.race([isOver, sleep(2, false)])) return false
  if (await Promise.race([isOver, sleep(later_ms, false)])) return false
  program.kill('SIGKILL')
  return (await program).exitCode === undefined
}

/** Bytes of all event logs together. */
function bytesLogged(dir: string): number {
  const runs = join(dir, 'runs')
  const names = existsSync(runs) ? readdirSync(runs).filter((name) => /^\d{8}-/.test(name)) : []
  return names.reduce((sum, name) => sum + (statSync(join(runs, name, 'events.jsonl'), { throwIfNoEntry: false })?.size ?? 0), 0)
}
