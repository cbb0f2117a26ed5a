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
import type { MixedWorld } from './mixed-world.ts'

/**
 * What holds at any time while nobody conducts.
 * @param complete how often what is complete had run when that was first seen; it grows
 * @param killed whether the last conductor was killed, and nobody has taken the run up since
 */
export async function expectWhatHoldsAlways(world: MixedWorld, complete: Map<string, number>, killed: boolean): Promise<void> {
  const left = await whatIsLeft(world.workspace.dir)
  const ran = await world.ran()
  await noJsonIsTorn(left, killed)
  for (const run of left.runs) {
    everyTaskEndsOnce(run)
    noLimitIsPassed(run)
    nothingRunsUnrecorded(run, ran)
    nothingCompletedRunsAgain(complete, ran)
    for (const { spec, state } of run.state.tasks.values()) if (state.status === 'complete' && !complete.has(spec.id)) complete.set(spec.id, ran.get(spec.id) ?? 0)
  }
}

/** What holds of a run that is over. */
export async function expectTheEnd(world: MixedWorld, run: LeftRun): Promise<void> {
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
