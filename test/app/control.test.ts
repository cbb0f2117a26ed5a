import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished, vi } from 'vitest'
import { loadPlan } from '../../src/app/plans.ts'
import { resumeRun, startRun, type Run } from '../../src/app/run.ts'
import { eventsOfRun, replayRun } from '../../src/app/runs.ts'
import type { Workspace } from '../../src/app/workspace.ts'
import { runFolder } from '../../src/store/run-folder.ts'
import { isRunning } from '../process/is-running.ts'
import { workspaceWith } from './workspace.ts'

/*
 * What people want of a run, with real programs and a real disk.
 */

const by = 'ada'
const PATIENCE = { timeout: 15_000 }
const SKIPPER = fileURLToPath(new URL('skipper.ts', import.meta.url))
const TSX = import.meta.resolve('tsx')

async function begin(workspace: Workspace, text: string, name = 'tasks/plan.yaml'): Promise<Run> {
  const path = await put(workspace, name, text)
  const loading = await loadPlan(workspace, [path], {})
  if (loading.result === 'broken') throw new Error(JSON.stringify(loading.problems))
  return startRun(workspace, loading.loaded, [])
}

async function put({ dir }: Workspace, name: string, text: string): Promise<string> {
  await mkdir(join(dir, 'tasks'), { recursive: true })
  await writeFile(join(dir, name), text)
  return join(dir, name)
}

/** The process that a task has noted in a file, once it has. */
async function pidIn({ dir }: Workspace, file: string): Promise<number> {
  const text = await vi.waitFor(async () => {
    const found = await readFile(join(dir, file), 'utf8')
    expect(found).toMatch(/^\d+\n$/)
    return found
  }, PATIENCE)
  return Number(text)
}

const statuses = ({ state }: Run['handle']) => Object.fromEntries([...state.tasks].map(([id, task]) => [id, task.state.status]))

it('a task that is cancelled while it runs leaves no process, and the run goes on', async () => {
  const workspace = await workspaceWith({ execution: { max_concurrent: 1 } })
  const run = await begin(
    workspace,
    `tasks:\n  - id: slow\n    priority: high\n    command: "echo $$ > pid; sleep 60"\n  - id: behind\n    command: "true"\n    depends_on: [slow]\n  - id: other\n    command: "true"\n`,
  )
  const pid = await pidIn(workspace, 'pid')
  expect(isRunning(pid)).toBe(true)
  expect(await run.handle.send({ type: 'cancel', task: 'slow', by })).toBeUndefined()
  expect((await run.finished).phase).toEqual({ phase: 'closed', status: 'failed' })
  expect(isRunning(pid)).toBe(false)
  expect(statuses(run.handle)).toEqual({ slow: 'cancelled', behind: 'blocked', other: 'complete' })
  expect((await replayRun(run.folder)).state).toEqual(run.handle.state)
})

it('a skip is carried out when the conductor was killed with -9 right after it', async () => {
  const workspace = await workspaceWith()
  // It does not end when it is asked to: the conductor is killed before it can tell the end of it.
  const deaf = `echo $$ > pid; trap '' TERM; while :; do sleep 0.05; done`
  const path = await put(workspace, 'tasks/plan.yaml', `tasks:\n  - id: deaf\n    command: "${deaf}"\n  - id: behind\n    command: "true"\n    depends_on: [deaf]\n`)
  const conductor = spawn(process.execPath, ['--import', TSX, SKIPPER, workspace.dir, path, 'deaf'], { stdio: ['pipe', 'inherit', 'inherit'] })
  onTestFinished(() => void conductor.kill('SIGKILL'))
  const pid = await pidIn(workspace, 'pid')
  conductor.stdin.write('skip\n')
  const [id = ''] = (await readdir(workspace.runs)).filter((name) => /^\d{8}-/.test(name))
  const folder = runFolder(workspace.runs, id)
  await vi.waitFor(async () => expect(await readFile(folder.events, 'utf8')).toContain('"task.ending"'), PATIENCE)
  conductor.kill('SIGKILL')
  await once(conductor, 'exit')

  const replayed = await replayRun(folder)
  expect(replayed.state.tasks.get('deaf')?.state.status).toBe('running')
  const run = await resumeRun(workspace, folder, replayed, [])
  expect((await run.finished).phase).toEqual({ phase: 'closed', status: 'succeeded' })
  expect(statuses(run.handle)).toEqual({ deaf: 'skipped', behind: 'complete' })
  expect(isRunning(pid)).toBe(false)
})

it('a run that is over is opened again to do a task again, with its file back where it was dropped meanwhile', async () => {
  const workspace = await workspaceWith()
  const text = `tasks:\n  - id: build\n    command: "test -e go"\n  - id: ship\n    command: "true"\n    depends_on: [build]\n`
  const first = await begin(workspace, text)
  expect((await first.finished).phase).toEqual({ phase: 'closed', status: 'failed' })
  expect(await readdir(join(workspace.dir, 'tasks/failed'))).toEqual(['plan.yaml'])

  await writeFile(join(workspace.dir, 'go'), '')
  const run = await resumeRun(workspace, first.folder, await replayRun(first.folder), [], { begin: [{ type: 'retry', task: 'build', by, descendants: false }] })
  expect((await run.finished).phase).toEqual({ phase: 'closed', status: 'succeeded' })
  expect(statuses(run.handle)).toEqual({ build: 'complete', ship: 'complete' })
  expect(run.handle.state.tasks.get('build')?.attempts.map(({ attempt }) => attempt)).toEqual([1, 2])
  const filed = (await eventsOfRun(run.folder)).flatMap((event) => (event.type === 'filing.finished' ? [`${event.status} ${event.path}`] : []))
  expect(filed).toEqual(['running tasks/plan.yaml', 'failed tasks/failed/plan.yaml', 'running tasks/plan.yaml', 'complete tasks/completed/plan.yaml'])
  expect(await readdir(join(workspace.dir, 'tasks/failed'))).toEqual([])
  expect(await readdir(join(workspace.dir, 'tasks/completed'))).toEqual(['plan.yaml'])
  expect((await replayRun(run.folder)).state).toEqual(run.handle.state)
})

it('a run that is over closes as it was where what is wanted of it cannot be done', async () => {
  const workspace = await workspaceWith()
  const first = await begin(workspace, 'tasks:\n  - id: a\n    command: "true"\n')
  await first.finished
  const run = await resumeRun(workspace, first.folder, await replayRun(first.folder), [], { begin: [{ type: 'retry', task: 'nobody', by, descendants: false }] })
  expect((await run.finished).phase).toEqual({ phase: 'closed', status: 'succeeded' })
})
