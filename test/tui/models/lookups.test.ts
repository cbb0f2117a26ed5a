import { mkdir, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { ShownRun } from '../../../src/app/screen.ts'
import type { Event } from '../../../src/core/events.ts'
import type { RunState } from '../../../src/core/state.ts'
import { runFolder } from '../../../src/store/run-folder.ts'
import { createLookups } from '../../../src/tui/models/lookups.ts'
import { workspaceWith } from '../../app/workspace.ts'
import { conductor } from '../../core/conductor.ts'
import { plan, task } from '../../core/specs.ts'
import { eventually } from '../eventually.ts'

/** A run whose log on disk holds its first so many events, as a screen looks at it. */
async function lookedAt(onDisk: number) {
  const run = conductor()
  run.add(plan(task('a'), task('b')))
  run.next()
  const workspace = await workspaceWith()
  const folder = runFolder(workspace.runs, 'r')
  await mkdir(folder.path, { recursive: true })
  await writeFile(folder.events, run.log.slice(0, onDisk).map((event) => `${JSON.stringify(event)}\n`).join(''))
  const state: RunState = run.state
  const shown: ShownRun = { folder, path: 'runs/r', is: 'live', state, subscribe: () => () => {}, now: Date.now }
  return { run, state, lookups: createLookups(workspace, shown, () => {}) }
}

const told = (events: readonly Event[] | undefined) => events?.map(({ type }) => type)

describe('the events of a task', () => {
  it('are those of the log, and those that came since', async () => {
    const { run, lookups } = await lookedAt(Infinity)
    await eventually(() => expect(told(lookups.events('a'))).toEqual(['task.added', 'attempt.started']))
    const before = run.log.length
    run.end('a')
    run.end('b')
    for (const event of run.log.slice(before)) lookups.touch(event)
    expect(told(lookups.events('a'))).toEqual(['task.added', 'attempt.started', 'attempt.finished', 'task.ended'])
  })

  it('are whole where the log on disk is behind', async () => {
    const { run, lookups } = await lookedAt(3)
    for (const event of run.log) lookups.touch(event)
    await eventually(() => expect(told(lookups.events('a'))).toEqual(['task.added', 'attempt.started']))
  })

  it('end at the moment that is shown', async () => {
    const { run, state, lookups } = await lookedAt(Infinity)
    await eventually(() => expect(lookups.events('a')).toHaveLength(2))
    state.seq = (run.log.find(({ type }) => type === 'attempt.started')?.seq ?? 0) - 1
    expect(told(lookups.events('a'))).toEqual(['task.added'])
  })

  it('are known of many tasks one after the other', async () => {
    const { lookups } = await lookedAt(Infinity)
    for (let index = 0; index < 30; index++) {
      lookups.events(`t${index}`)
      await eventually(() => expect(lookups.events(`t${index}`)).toEqual([]))
    }
    await eventually(() => expect(lookups.events('b')).toHaveLength(2))
  })
})
