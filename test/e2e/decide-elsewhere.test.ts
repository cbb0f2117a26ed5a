import { expect, it, onTestFinished, vi } from 'vitest'
import { WAIT } from './conducting.ts'
import { testWorkspace, type TestWorkspace } from './workspace.ts'

/*
 * A conductor in the background, and all that is said to it from other terminals.
 */

/** Programs are started a dozen times. */
const LONG = 60_000

const PLAN = `tasks:
  - { id: build, command: echo built }
  - { id: deploy, command: echo deployed, requires_approval: true, depends_on: [build] }
  - { id: notes, command: echo notes, review: true }
`

/** Starts a conductor in the background. @returns its process */
async function up(here: TestWorkspace): Promise<number> {
  const { code, stdout } = await here.tutti(['up', '-d'])
  expect(code).toBe(0)
  const pid = Number(/process (\d+)/.exec(stdout)?.[1])
  onTestFinished(() => {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended already.
    }
  })
  return pid
}

type Entry = { task: string; id: string; shown: string }

/** What waits for a person: gates by the names of their tasks, once so many do. */
async function gates(here: TestWorkspace, count: number): Promise<Record<string, Entry>> {
  return vi.waitFor(async () => {
    const { entries } = JSON.parse((await here.tutti(['inbox', '--json'])).stdout) as { entries: Entry[] }
    expect(entries).toHaveLength(count)
    return Object.fromEntries(entries.map((entry) => [entry.task, entry]))
  }, WAIT)
}

it('takes files, answers and more files, and is stopped', async () => {
  const here = await testWorkspace({})
  await here.write('plan.yaml', PLAN)
  await here.write('more.yaml', 'tasks:\n  - { id: more, command: echo more }\n')
  await up(here)
  expect((await here.tutti(['add', 'plan.yaml'])).code).toBe(0)
  await gates(here, 2)
  expect((await here.tutti(['run', 'more.yaml'])).code).toBe(0)
  expect((await here.tutti(['approve', '--all'])).code).toBe(0)
  await vi.waitFor(async () => expect((await here.run()).manifest).toMatchObject({ status: 'succeeded', counts: { complete: 4 } }), WAIT)
  expect((await here.tutti(['rerun', 'build', '--with-descendants'])).code).toBe(0)
  expect(Object.keys(await gates(here, 1))).toEqual(['deploy'])
  expect((await here.tutti(['stop'])).code).toBe(0)
  expect((await here.tutti(['attach'])).code).toBe(1)
}, LONG)

it('stands before the same questions after kill -9; what was decided meanwhile holds when it is there again', async () => {
  const here = await testWorkspace({})
  await here.write('plan.yaml', PLAN)
  const pid = await up(here)
  await here.tutti(['add', 'plan.yaml'])
  const before = await gates(here, 2)
  process.kill(pid, 'SIGKILL')
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), WAIT)
  expect(await gates(here, 2)).toMatchObject({ deploy: { id: before['deploy']?.id, shown: before['deploy']?.shown }, notes: { id: before['notes']?.id } })
  expect((await here.tutti(['approve', 'deploy', '--gate', before['deploy']?.id ?? '', '--shown', before['deploy']?.shown ?? ''])).stdout).toContain('recorded')
  await up(here)
  expect(await gates(here, 1)).toMatchObject({ notes: { id: before['notes']?.id, shown: before['notes']?.shown } })
  const late = await here.tutti(['reject', 'deploy', '--gate', before['deploy']?.id ?? ''])
  expect(late).toMatchObject({ code: 1, stderr: expect.stringMatching(/was approved already, by .* \(cli\)/) })
  expect((await here.tutti(['approve', 'notes', '--gate', before['notes']?.id ?? ''])).code).toBe(0)
  await vi.waitFor(async () => expect((await here.run()).manifest).toMatchObject({ status: 'succeeded', counts: { complete: 3 } }), WAIT)
}, LONG)
