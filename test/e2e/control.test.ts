import { expect, it } from 'vitest'
import { loadPlan } from '../../src/app/plans.ts'
import { startRun } from '../../src/app/run.ts'
import { openWorkspace } from '../../src/app/workspace.ts'
import { testWorkspace } from './workspace.ts'

it('a paused run says so, and by whom; "tutti resume" ends the pause', async () => {
  const here = await testWorkspace()
  const file = await here.write('plan.yaml', 'tasks:\n  - id: first\n    command: "true"\n  - id: second\n    command: "true"\n    depends_on: [first]\n')
  const workspace = await openWorkspace(here.dir, {}, {})
  if ('problems' in workspace) throw new Error(JSON.stringify(workspace.problems))
  const loading = await loadPlan(workspace, [`${here.dir}/${file}`], {})
  if (loading.result === 'broken') throw new Error(JSON.stringify(loading.problems))
  const run = await startRun(workspace, loading.loaded, [])
  await run.handle.send({ type: 'pause', by: 'ada' })
  expect((await run.finished).phase).toEqual({ phase: 'stopped', reason: 'paused' })

  const { stdout } = await here.tutti(['status'])
  expect(stdout).toContain('unfinished (paused by ada)')
  expect(stdout).toContain('not started: the run is paused by ada')
  expect((await here.run()).manifest).toMatchObject({ paused: 'ada' })

  const resumed = await here.tutti(['resume'])
  expect(resumed.code).toBe(0)
  expect(resumed.stdout).toContain('goes on: tutti resume has ended the pause')
  const { manifest } = await here.run()
  expect(manifest).toMatchObject({ status: 'succeeded', counts: { complete: 2 } })
  expect(manifest.paused).toBeUndefined()
})
