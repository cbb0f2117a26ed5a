// Runs a task file through the whole application: configuration, plan, providers, run, files, ledger.
import { join } from 'node:path'
import { loadPlan } from '../../src/app/plans.ts'
import { startRun } from '../../src/app/run.ts'
import { validateHere } from '../../src/app/validate.ts'
import { openWorkspace } from '../../src/app/workspace.ts'
import type { Event } from '../../src/core/events.ts'
import { countFlushes, given, peakMb, stopwatch, tell } from '../process-cost.ts'

const { dir, plan, expected } = given('app-run')
const flushes = await countFlushes(join(dir, 'touched'))

const whole = stopwatch()
const workspace = await openWorkspace(dir, {}, { PATH: process.env['PATH'] })
if ('problems' in workspace) throw new Error(JSON.stringify(workspace.problems))
const loading = await loadPlan(workspace, [join(dir, plan)], {})
if (loading.result === 'broken') throw new Error(JSON.stringify(loading.problems[0]))
const problems = validateHere(workspace, loading.loaded.plan)
if (problems.length > 0) throw new Error(JSON.stringify(problems[0]))

const alone = stopwatch()
let working: ReturnType<typeof stopwatch> | undefined
let work = { seconds: Number.NaN, cpu_s: Number.NaN }
let left = expected
const run = await startRun(workspace, loading.loaded, [watchWork])
const state = await run.finished
const told = { run: alone(), whole: whole(), work, peak_mb: peakMb(), flushes: flushes() }
if (state.counts.complete !== expected) throw new Error(`only ${state.counts.complete} of ${expected} tasks completed`)
tell('app-run', told)

/** From the first attempt to the end of the last task that can be done. */
function watchWork(event: Event): void {
  if (event.type === 'attempt.started') working ??= stopwatch()
  if (event.type === 'task.ended' && --left === 0 && working !== undefined) work = working()
}
