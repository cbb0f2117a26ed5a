import { loadPlan } from '../../src/app/plans.ts'
import { startRun } from '../../src/app/run.ts'
import { openWorkspace } from '../../src/app/workspace.ts'

/** Stands in for a conductor with a person before it: runs a plan, and skips a task as soon as it runs. */
const [dir = '', file = '', task = ''] = process.argv.slice(2)
const workspace = await openWorkspace(dir, {}, {})
if ('problems' in workspace) throw new Error(JSON.stringify(workspace.problems))
const loading = await loadPlan(workspace, [file], {})
if (loading.result === 'broken') throw new Error(JSON.stringify(loading.problems))
process.stdin.once('data', () => void run.handle.send({ type: 'skip', task, by: 'ada' }))
const run = await startRun(workspace, loading.loaded, [])
await run.finished
