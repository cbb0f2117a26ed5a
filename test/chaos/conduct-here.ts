import { loadPlan } from '../../src/app/plans.ts'
import { resumeRun, startRun, type Run } from '../../src/app/run.ts'
import { replayRun } from '../../src/app/runs.ts'
import { openWorkspace, type Workspace } from '../../src/app/workspace.ts'
import type { RunState } from '../../src/core/state.ts'
import { MOST_TURNS, newestOf } from './conduct.ts'
import type { LeftRun } from './left.ts'
import type { MixedWorld } from './mixed-world.ts'
import { COMMENT } from './person.ts'

/** The same as `conductToTheEnd`, by conductors in this process: they cannot be killed, and cost no start of a program. */
export async function conductHereToTheEnd(world: MixedWorld): Promise<LeftRun> {
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const left = await newestOf(world)
    if (left?.state.phase.phase === 'closed') return left
    const run = await takeUp(world, await opened(world), left)
    const { counts, tasks } = await run.finished
    if (run.late.length > 0) throw new Error(JSON.stringify(run.late))
    const isShort = counts.held > 0 && [...tasks.values()].some(({ state }) => state.status === 'held' && state.gate === 'budget')
    if (isShort) await world.raise()
  }
  throw new Error(`the run does not end, after ${MOST_TURNS} conductors`)
}

async function opened({ workspace }: MixedWorld): Promise<Workspace> {
  const found = await openWorkspace(workspace.dir, {}, { PATH: process.env['PATH'] })
  if ('problems' in found) throw new Error(JSON.stringify(found.problems))
  return found
}

async function takeUp(world: MixedWorld, workspace: Workspace, left: LeftRun | undefined): Promise<Run> {
  if (left !== undefined) return resumeRun(workspace, left.folder, await replayRun(left.folder), [], { begin: intentsFor(world, left.state) })
  const loading = await loadPlan(workspace, [workspace.tasks], {})
  if (loading.result === 'broken') throw new Error(JSON.stringify(loading.problems))
  return startRun(workspace, loading.loaded, [])
}

function intentsFor(world: MixedWorld, state: RunState) {
  const author = { by: 'person', door: 'cli' } as const
  return world.answers(state).map(({ task, word }) => (word === 'send-back' ? { type: word, task, comment: COMMENT, ...author } : { type: word, task, ...author }))
}
