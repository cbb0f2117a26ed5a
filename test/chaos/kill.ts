import { ok } from 'node:assert/strict'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningProgram } from '../e2e/program.ts'
import { seededRandom, type Random } from '../random.ts'
import type { Chaos, Fault } from './fault.ts'
import {
  everyFileLiesOnce,
  everyTaskEndsOnce,
  everyTaskHasEnded,
  ledgerEqualsManifests,
  manifestIsTheLog,
  noJsonIsTorn,
  noLimitIsPassed,
  noProcessIsLeft,
  nothingCompletedRunsAgain,
  nothingRunsUnrecorded,
  outputsAreAsRecorded,
  tasksEndedAsPlanned,
  whatIsChargedIsSettled,
} from './invariants.ts'
import { whatIsLeft, type LeftRun } from './left.ts'
import { openMixedWorld, type MixedWorld } from './mixed-world.ts'
import { answer } from './person.ts'

export const kill: Fault = {
  name: 'kill',
  about: 'kill -9 of the conductor at random instants, again and again, over plans that mix all there is',
  run: async (chaos) => {
    const { plans, kills } = await killAgainAndAgain(chaos, chaos.long ? { plans: 40, size: 24, kills: 12, at_once: 2 } : { plans: 2, size: 14, kills: 5, at_once: 2 })
    return { seen: `${kills} kills over ${plans} plans, and each ended as if there had been none` }
  },
}

type Extent = { plans: number; size: number; kills: number; at_once: number }

/** @param extent `kills`: the most of one plan; `at_once`: plans that are carried out side by side */
export async function killAgainAndAgain({ seed, dir, say }: Pick<Chaos, 'seed' | 'dir' | 'say'>, { plans, size, kills, at_once }: Extent): Promise<{ plans: number; kills: number }> {
  let begun = 0
  let killed = 0
  const one = async () => {
    while (begun < plans) {
      const number = begun++
      const own = join(dir, `plan-${number}`)
      await mkdir(own)
      // Each plan has a chance of its own, so that what runs beside it changes nothing about it.
      killed += await killOne(own, seededRandom(seed + number), { size, kills })
      if (plans > 10 && number % 5 === 4) say(`${number + 1} of ${plans} plans`)
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: at_once }, one))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return { plans, kills: killed }
}

/** Conductors of one plan; more than this means that it never ends. */
const MOST_TURNS = 60

async function killOne(dir: string, random: Random, { size, kills }: Pick<Extent, 'size' | 'kills'>): Promise<number> {
  const world = await openMixedWorld(dir, random, { size, pause_ms: 5 })
  try {
    const complete = new Map<string, number>()
    let killed = 0
    for (let turn = 0; turn < MOST_TURNS; turn += 1) {
      const run = await newest(world)
      if (run !== undefined && run.state.phase.phase === 'closed') {
        await expectTheEnd(world, run)
        return killed
      }
      if (run !== undefined) await answer(world, run.state, random)
      const isKilled = await conductOnce(world, run, random, killed < kills)
      if (isKilled) killed += 1
      await expectWhatHoldsAlways(world, complete, isKilled)
    }
    throw new Error(`the run does not end, after ${MOST_TURNS} conductors`)
  } finally {
    await world.end()
  }
}

async function newest({ workspace }: MixedWorld): Promise<LeftRun | undefined> {
  return (await whatIsLeft(workspace.dir)).runs.at(-1)
}

/** One conductor, to its end or until it is killed. @param isToDie whether it is killed at an instant that `random` chooses @returns whether it was */
async function conductOnce(world: MixedWorld, run: LeftRun | undefined, random: Random, isToDie: boolean): Promise<boolean> {
  const program = world.workspace.start(run === undefined ? ['run', 'tasks'] : ['resume'])
  // A person may answer meanwhile: then it is the conductor that is told.
  const answered = random.below(3) === 0 ? sleep(random.below(600)).then(() => answerNewest(world, random)) : undefined
  const killed = isToDie && (await killedAt(program, () => bytesLogged(world.workspace.dir), run === undefined ? FIRST_BYTES : LATER_BYTES, random))
  const { exitCode, stderr, stdout } = await program
  await answered
  if (killed) return true
  ok(exitCode !== undefined && [0, 1, 3, 4].includes(exitCode), `a conductor ended with ${exitCode}: ${stdout.slice(-500)}\n${stderr}`)
  if (exitCode === 3) await world.raise()
  return false
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

async function answerNewest(world: MixedWorld, random: Random): Promise<void> {
  const run = await newest(world)
  if (run !== undefined) await answer(world, run.state, random)
}

/** @param complete how often what is complete had run when that was first seen; it grows */
async function expectWhatHoldsAlways(world: MixedWorld, complete: Map<string, number>, killed: boolean): Promise<void> {
  const { runs } = await whatIsLeft(world.workspace.dir)
  const ran = await world.ran()
  await noJsonIsTorn(world.workspace.dir, killed)
  for (const run of runs) {
    everyTaskEndsOnce(run)
    noLimitIsPassed(run)
    nothingRunsUnrecorded(run, ran)
    nothingCompletedRunsAgain(complete, ran)
    for (const { spec, state } of run.state.tasks.values()) if (state.status === 'complete' && !complete.has(spec.id)) complete.set(spec.id, ran.get(spec.id) ?? 0)
  }
}

async function expectTheEnd(world: MixedWorld, run: LeftRun): Promise<void> {
  const { plan, servers, workspace } = world
  everyTaskHasEnded(run)
  tasksEndedAsPlanned(run, plan)
  ledgerEqualsManifests(await whatIsLeft(workspace.dir))
  whatIsChargedIsSettled(run, servers.charged)
  manifestIsTheLog(run)
  await outputsAreAsRecorded(run)
  await everyFileLiesOnce(workspace.dir, plan.files.map(({ name }) => name))
  await noProcessIsLeft(() => world.processesOf(run))
}
