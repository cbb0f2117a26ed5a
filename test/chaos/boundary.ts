import { deepStrictEqual } from 'node:assert/strict'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorMessage } from '../../src/core/error.ts'
import { reduce } from '../../src/core/reduce.ts'
import { emptyState } from '../../src/core/state.ts'
import { readEvents } from '../../src/store/read-events.ts'
import { seededRandom, type Random } from '../random.ts'
import { conductToTheEnd } from './conduct.ts'
import { conductHereToTheEnd } from './conduct-here.ts'
import { cutLog, layOut, wholeSteps, type Instant, type Recorded } from './cut.ts'
import { expectTheEnd, expectWhatHoldsAlways } from './expect.ts'
import type { Chaos, Fault } from './fault.ts'
import { fold, whatIsLeft } from './left.ts'
import { mixedPlan } from './mixed-plan.ts'
import { openMixedWorld } from './mixed-world.ts'
import { sideBySide } from './side-by-side.ts'

export const boundary: Fault = {
  name: 'boundary',
  about: 'a crash at every event boundary of a recorded run, and in the middle of the line behind it',
  run: async (chaos) => {
    const { boundaries, resumed, by_program } = await crashAtEveryBoundary(chaos, chaos.long ? { size: 8, cuts: 'all', by_program: 'all', at_once: 3 } : { size: 8, cuts: { step: 8 }, by_program: 1, at_once: 4 })
    return { seen: `${boundaries} boundaries, ${resumed} of them taken up (${by_program} by the program itself), and all went on to the same end` }
  },
}

type Extent = {
  size: number
  /** Those that are taken up. Cuts within one step are all read as the end of the step before: one may stand for the others, in each eighth step, say. */
  cuts: 'all' | { step: number }
  /** At how many of them the program takes the run up; at the others this process does. */
  by_program: number | 'all'
  at_once: number
}

export async function crashAtEveryBoundary({ seed, dir, say }: Pick<Chaos, 'seed' | 'dir' | 'say'>, { size, cuts, by_program, at_once }: Extent): Promise<{ boundaries: number; resumed: number; by_program: number }> {
  const recorded = await record(join(dir, 'recorded'), seed, size, by_program !== 0)
  const random = seededRandom(seed)
  const all = Array.from({ length: recorded.lines.length }, (_, events) => events)
  for (const events of all) await expectWholeSteps(join(dir, 'cut.jsonl'), recorded, { events, torn: random.below(recorded.lines[events]?.length ?? 0) })
  const places = cuts === 'all' ? all : oneOfEachStep(recorded, all, random).filter((_, index) => index % cuts.step === 0)
  const chosen = new Set(by_program === 'all' ? places : Array.from({ length: by_program }, () => random.of(places)))
  let done = 0
  await sideBySide(places, at_once, async (events) => {
    await crashAt(join(dir, `at-${events}`), recorded, events, seed, chosen.has(events))
    done += 1
    if (done % 50 === 0) say(`${done} of ${places.length} boundaries`)
  })
  return { boundaries: all.length, resumed: places.length, by_program: chosen.size }
}

/** Of the cuts that come to the same whole steps, one. */
function oneOfEachStep(recorded: Recorded, cuts: readonly number[], random: Random): number[] {
  const bySteps = new Map<number, number[]>()
  for (const events of cuts) {
    const whole = wholeSteps(recorded, { events, torn: 0 }).length
    bySteps.set(whole, [...(bySteps.get(whole) ?? []), events])
  }
  return [...bySteps.values()].map((same) => random.of(same))
}

/** A run that nobody disturbs. */
async function record(dir: string, seed: number, size: number, byProgram: boolean): Promise<Recorded> {
  await mkdir(dir)
  const random = seededRandom(seed)
  const plan = mixedPlan(random, size)
  const world = await openMixedWorld(dir, plan, { cache: 'off', pause_ms: 0 })
  try {
    const run = byProgram ? await conductToTheEnd(world, random) : await conductHereToTheEnd(world)
    await expectTheEnd(world, run)
    const lines = (await readFile(run.folder.events, 'utf8')).split(/(?<=\n)/)
    return { left: await whatIsLeft(dir), run, lines, plan }
  } finally {
    await world.end()
  }
}

/** However a log is cut, it is read as the steps that are whole in it. */
async function expectWholeSteps(path: string, recorded: Recorded, instant: Instant): Promise<void> {
  await writeFile(path, cutLog(recorded, instant))
  const state = emptyState()
  await readEvents(path, (event) => reduce(state, event))
  deepStrictEqual(state, fold(wholeSteps(recorded, instant)), `a log of ${instant.events} events and ${instant.torn} bytes is not read as its whole steps`)
}

/** @param events so many are on disk */
async function crashAt(dir: string, recorded: Recorded, events: number, seed: number, byProgram: boolean): Promise<void> {
  await mkdir(dir)
  const random = seededRandom(seed + events)
  const instant: Instant = { events, torn: random.below(recorded.lines[events]?.length ?? 0) }
  const before = fold(wholeSteps(recorded, instant))
  const limit_usd = (before.settings?.budget.run ?? 0) / 1_000_000
  const world = await openMixedWorld(dir, recorded.plan, { cache: random.of(['read', 'off']), pause_ms: 0, ...(limit_usd === 0 ? {} : { limit_usd }) })
  try {
    await layOut(dir, recorded, instant, random)
    const complete = new Map([...before.tasks.values()].flatMap((task) => (task.state.status === 'complete' ? [[task.spec.id, 0] as const] : [])))
    const run = byProgram ? await conductToTheEnd(world, random) : await conductHereToTheEnd(world)
    await expectWhatHoldsAlways(world, complete, false)
    await expectTheEnd(world, run)
    await rm(dir, { recursive: true })
  } catch (error) {
    throw new Error(`crashed with ${events} events and ${instant.torn} bytes of the next on disk${byProgram ? '' : ', and taken up in this process'}: ${errorMessage(error)}`, { cause: error })
  } finally {
    await world.end()
  }
}
