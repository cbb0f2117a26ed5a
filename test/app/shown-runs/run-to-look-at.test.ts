import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { asConductor } from '../../../src/app/lock.ts'
import { runToLookAt } from '../../../src/app/shown-runs/run-to-look-at.ts'
import type { Event } from '../../../src/core/events.ts'
import { runFolder } from '../../../src/store/run-folder.ts'
import { workspaceWith } from '../workspace.ts'
import { logAt } from './recording.ts'

const fail = (problem: string) => expect.unreachable(problem)

async function workspaceWithRun(events: readonly Event[]) {
  const workspace = await workspaceWith()
  const folder = runFolder(workspace.runs, '20261120-120000-0000')
  await mkdir(folder.path, { recursive: true })
  await writeFile(folder.events, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  return { workspace, folder }
}

/** A conductor that is not this process, and is alive as far as anybody can tell. */
const conductedElsewhere = (runs: string) => writeFile(join(runs, 'conductor.lock'), JSON.stringify({ pid: 1, host: 'elsewhere', started: '1', since: '2026-11-20T12:00:00.000Z' }))

it('an open run is followed where another process conducts the workspace', async () => {
  const { workspace, folder } = await workspaceWithRun(logAt(0, 1000))
  await conductedElsewhere(workspace.runs)
  expect((await runToLookAt(workspace, folder, fail)).is).toBe('followed')
})

it('a run that is over is as its log left it, whoever conducts', async () => {
  const events = logAt(0)
  const { workspace, folder } = await workspaceWithRun([...events, { v: 1, seq: events.length + 1, at: '2026-11-20T12:00:09.000Z', type: 'run.closed', status: 'succeeded' }])
  await conductedElsewhere(workspace.runs)
  expect((await runToLookAt(workspace, folder, fail)).is).toBe('recorded')
})

it('an open run that nobody else conducts stands still', async () => {
  const { workspace, folder } = await workspaceWithRun(logAt(0, 1000))
  expect((await runToLookAt(workspace, folder, fail)).is).toBe('recorded')
  expect(await asConductor(workspace, async () => (await runToLookAt(workspace, folder, fail)).is)).toEqual({ result: 'recorded' })
})
