import { ok } from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningProgram } from '../e2e/program.ts'
import type { Random } from '../random.ts'
import { whatIsLeft, type LeftRun } from './left.ts'
import type { MixedWorld } from './mixed-world.ts'
import { answer } from './person.ts'

/** Conductors of one plan; more than this means that it never ends. */
export const MOST_TURNS = 60

/** The newest run whose plan was recorded. */
export async function newestOf({ workspace }: MixedWorld): Promise<LeftRun | undefined> {
  return (await whatIsLeft(workspace.dir)).runs.at(-1)
}

/** What happens to conductors. */
export type Meanwhile = {
  /** Kills one at an instant of its choice, and says whether it did. `isNew`: the plan is begun. */
  kill?: (program: RunningProgram, isNew: boolean) => Promise<boolean>
  /** Is called when one is gone. */
  after?: (killed: boolean) => Promise<void>
}

/**
 * Begins the plan, or takes its run up, and does so again until it is over, as a person does: what waits is answered, and
 * where money is short there is more.
 */
export async function conductToTheEnd(world: MixedWorld, random: Random, { kill, after }: Meanwhile = {}): Promise<LeftRun> {
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const run = await newestOf(world)
    if (run?.state.phase.phase === 'closed') return run
    if (run !== undefined) await answer(world, run.state, random)
    const killed = await conduct(world, run, random, kill)
    await after?.(killed)
  }
  throw new Error(`the run does not end, after ${MOST_TURNS} conductors`)
}

/** One conductor, to its end or until it is killed. @param run what is to be taken up; nothing: the plan is begun @returns whether it was killed */
async function conduct(world: MixedWorld, run: LeftRun | undefined, random: Random, kill: Meanwhile['kill']): Promise<boolean> {
  const program = world.workspace.start(run === undefined ? ['run', 'tasks'] : ['resume', run.folder.id])
  // A person may answer meanwhile: then it is the conductor that is told.
  const answered = random.below(3) === 0 ? sleep(random.below(600)).then(() => answerNewest(world, random)) : undefined
  const killed = kill !== undefined && (await kill(program, run === undefined))
  const { exitCode, stderr, stdout } = await program
  await answered
  if (killed) return true
  ok(exitCode !== undefined && [0, 1, 3, 4].includes(exitCode), `a conductor ended with ${exitCode}: ${stdout.slice(-500)}\n${stderr}`)
  if (exitCode === 3) await world.raise()
  return false
}

async function answerNewest(world: MixedWorld, random: Random): Promise<void> {
  const run = await newestOf(world)
  if (run !== undefined) await answer(world, run.state, random)
}
