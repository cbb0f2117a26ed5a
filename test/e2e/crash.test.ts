import { appendFile, readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { emptyState } from '../../src/core/state.ts'
import { reduce } from '../../src/core/reduce.ts'
import { manifestOf } from '../../src/core/views/manifest.ts'
import { isRunning } from '../process/is-running.ts'
import { testWorkspace, type TestWorkspace } from './workspace.ts'

/** Fifty tasks, each of which notes that it ran; the first ten wait for the nine before them, and so on. */
function fiftyTasks(): string {
  const tasks = Array.from({ length: 50 }, (_, index) => {
    const depends = index < 10 ? '' : `    depends_on: [t${index - 10}, t${index - 7 < 0 ? 0 : index - 7}]\n`
    return `  - id: t${index}\n    command: "echo t${index} >> ../ran; sleep 0.02"\n    cwd: work\n${depends}`
  })
  return `tasks:\n${tasks.join('')}`
}

const lines = async (workspace: TestWorkspace) => (await workspace.read('ran').catch(() => '')).split('\n').filter((line) => line !== '')

it('kill -9 in the middle of fifty tasks, then resume: everything completes, and nothing that completed runs again', async () => {
  const workspace = await testWorkspace({ execution: { max_concurrent: 4 } })
  await workspace.write('work/.keep', '')
  await workspace.write('tasks/fifty.yaml', fiftyTasks())
  const running = workspace.start(['run', 'tasks/fifty.yaml'])
  await expect.poll(async () => (await lines(workspace)).length, { timeout: 15_000, interval: 10 }).toBeGreaterThan(15)
  running.kill('SIGKILL')
  await running

  const before = await workspace.run()
  const completed = new Set(before.events.flatMap((event) => (event.type === 'task.ended' && event.status === 'complete' ? [event.task] : [])))
  expect(completed.size).toBeGreaterThan(5)
  expect(completed.size).toBeLessThan(50)

  const { code } = await workspace.tutti(['resume'])
  expect(code).toBe(0)
  const { manifest, events } = await workspace.run()
  expect(manifest).toMatchObject({ status: 'succeeded', counts: { complete: 50 } })
  expect(manifest).toEqual(manifestOf(events.reduce(reduce, emptyState())))
  for (const { id, attempts } of manifest.tasks) if (completed.has(id)) expect({ id, attempts }).toEqual({ id, attempts: 1 })
  expect(await workspace.list('tasks/completed')).toEqual(['fifty.yaml'])
  expect(await workspace.list('tasks')).not.toContain('fifty.yaml')

  // A task that was under way may have noted itself twice; one that had completed never.
  const ran = await lines(workspace)
  for (const id of completed) expect(ran.filter((line) => line === id)).toEqual([id])
})

it('kill -9 ends what it runs too', async () => {
  const workspace = await testWorkspace()
  await workspace.write('plan.yaml', 'tasks:\n  - id: slow\n    command: "echo $$ >> pids; sleep 60"\n')
  const running = workspace.start(['run', 'plan.yaml'])
  await expect.poll(() => workspace.read('pids').catch(() => ''), { timeout: 10_000 }).toMatch(/\d\n/)
  const program = Number(await workspace.read('pids'))
  expect(isRunning(program)).toBe(true)
  running.kill('SIGKILL')
  await running
  await expect.poll(() => isRunning(program), { timeout: 10_000 }).toBe(false)
})

it.runIf(process.platform === 'linux')('ends what a killed conductor left running all the same before it runs it again', async () => {
  const workspace = await testWorkspace()
  // In a session of its own, without the mark and with a parent that is gone, it is out of reach for what ends the rest.
  const hidden = "(env -u TUTTI_MARK setsid /bin/sh -c 'echo $$ >> pids; test -e go || sleep 60' > /dev/null 2>&1 &); test -e go || sleep 60"
  await workspace.write('plan.yaml', `tasks:\n  - id: slow\n    command: "${hidden}"\n`)
  const running = workspace.start(['run', 'plan.yaml'])
  await expect.poll(() => workspace.read('pids').catch(() => ''), { timeout: 10_000 }).toMatch(/\d\n/)
  running.kill('SIGKILL')
  await running
  const orphan = Number(await workspace.read('pids'))
  expect(isRunning(orphan)).toBe(true)
  await workspace.write('go', '')
  const { code, stderr } = await workspace.tutti(['resume'])
  expect(code).toBe(0)
  expect(stderr).toMatch(/ended \d process(es)? that the conductor before had left running/)
  expect(isRunning(orphan)).toBe(false)
})

it('cuts off what a crash tore at the end of the log, and says so', async () => {
  const workspace = await testWorkspace()
  await workspace.write('plan.yaml', 'tasks:\n  - id: a\n    command: "true"\n    requires_approval: true\n')
  expect((await workspace.tutti(['run', 'plan.yaml'])).code).toBe(4)
  const { path } = await workspace.run()
  await appendFile(`${path}/events.jsonl`, '{"v":1,"seq":99,"at":"2026-')
  const { code, stderr } = await workspace.tutti(['resume', '--yes'])
  expect(code).toBe(0)
  expect(stderr).toContain('the last step was cut off by a crash (27 bytes)')
})

it('refuses to touch a log that is damaged in the middle', async () => {
  const workspace = await testWorkspace()
  await workspace.write('plan.yaml', 'tasks:\n  - id: a\n    command: "true"\n    requires_approval: true\n')
  await workspace.tutti(['run', 'plan.yaml'])
  const { path, id } = await workspace.run()
  const damaged = (await readFile(`${path}/events.jsonl`, 'utf8')).replace('"task.added"', '"task.a')
  await workspace.write(`runs/${id}/events.jsonl`, damaged)
  const { code, stderr } = await workspace.tutti(['resume', id, '--yes'])
  expect(code).toBe(1)
  expect(stderr).toMatch(/events\.jsonl:\d+ is not JSON; the log is damaged/)
  expect(await readFile(`${path}/events.jsonl`, 'utf8')).toBe(damaged)
})

it('lets one conductor work in a workspace at a time', async () => {
  const workspace = await testWorkspace()
  await workspace.write('slow.yaml', 'tasks:\n  - id: slow\n    command: "touch started; sleep 30"\n')
  const first = workspace.start(['run', 'slow.yaml'])
  await expect.poll(() => workspace.list('.'), { timeout: 10_000 }).toContain('started')
  const { code, stderr } = await workspace.tutti(['watch'])
  expect(code).toBe(2)
  expect(stderr).toContain(`a conductor works in this workspace already (process ${first.pid}`)
  first.kill('SIGINT')
  expect((await first).exitCode).toBe(130)
})
