import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runBeside } from '../../../src/app/handed-in/hand-in.ts'
import { openWorkspace } from '../../../src/app/workspace.ts'
import { conducting, stands } from '../../e2e/conducting.ts'
import { testWorkspace } from '../../e2e/workspace.ts'

const PLAN = 'tasks:\n  - { id: deploy, command: "true", requires_approval: true }\n  - { id: other, command: "true", requires_approval: true }\n'

/** A run that was left, seen by somebody who finds that nobody conducts it. */
async function leftRun() {
  const here = await testWorkspace({})
  const conductor = await conducting(here)
  const run = await conductor.begin(PLAN)
  await stands(run, { deploy: 'held', other: 'held' })
  conductor.leave()
  await conductor.gone
  const workspace = await openWorkspace(here.dir, {}, {})
  if ('problems' in workspace) throw new Error(JSON.stringify(workspace.problems))
  const beside = await runBeside(workspace, { by: 'ada', door: 'cli' })
  if ('problem' in beside) throw new Error(beside.problem)
  return { here, id: run.id, beside, folder: join(here.dir, 'runs/wishes', run.id) }
}

it('what is recorded in the moment in which a conductor takes the run up is done by that one, once', async () => {
  const { here, id, beside, folder } = await leftRun()
  expect(beside.conductor).toBe('none')
  // It has read what was recorded, and there was nothing.
  const { run } = await conducting(here, { resume: id })
  const came = await beside.handIn({ type: 'approve', task: 'deploy' })
  expect(came).toMatchObject({ came: 'done', events: [{ type: 'gate.answered', by: 'ada' }] })
  await stands(run, { deploy: 'complete', other: 'held' })
  expect(await readdir(folder)).toEqual([])
})

it('what that conductor has been told by somebody else meanwhile is refused, and not kept', async () => {
  const { here, id, beside, folder } = await leftRun()
  const { run } = await conducting(here, { resume: id })
  await run.handle.send({ type: 'reject', task: 'deploy', by: 'grace' })
  expect(await beside.handIn({ type: 'approve', task: 'deploy' })).toMatchObject({ came: 'refused', message: expect.stringContaining('was rejected already, by grace') })
  expect(await readdir(folder)).toEqual([])
})

it('what no run would take is refused before it is recorded', async () => {
  const { beside, here } = await leftRun()
  expect(await beside.handIn({ type: 'approve', task: 'deploy', comment: 'x'.repeat(20_000) })).toMatchObject({ came: 'refused', message: expect.stringContaining('comment') })
  expect(await here.list('runs/wishes')).toEqual([])
})
