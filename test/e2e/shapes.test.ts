import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { emptyState } from '../../src/core/state.ts'
import { reduce } from '../../src/core/reduce.ts'
import { manifestOf } from '../../src/core/views/manifest.ts'
import { startOpenAiServer } from '../servers/openai-server.ts'
import { serverConfig, testWorkspace } from './workspace.ts'

const ANSWER = 'The plan is sound and the notes are in order, so that everyone knows what to do.\n\n```ts src/notes/list.ts\nexport {}\n```\n'

async function world() {
  const server = await startOpenAiServer({ answer: () => ANSWER })
  onTestFinished(() => server.stop())
  return { server, workspace: await testWorkspace(serverConfig(server.url)) }
}

it.each([
  ['front matter and body', 'prompt.md', 1],
  ['a task with its parts', 'fix.task.md', 1],
  ["a day's list", 'day.md', 3],
  ['a job spec', 'job.yaml', 4],
  ['a plan in JSON', 'plan.json', 3],
])('runs %s to the end, files it away, and records it', async (_, file, tasks) => {
  const { server, workspace } = await world()
  await mkdir(join(workspace.dir, 'tasks/pending'), { recursive: true })
  await copyFile(join('tasks/examples', file), join(workspace.dir, 'tasks/pending', file))

  const { code, stdout, stderr } = await workspace.tutti(['run', 'tasks/pending', '--yes'])
  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(stdout).toContain(`${tasks} complete`)
  expect(await workspace.list('tasks/pending')).toEqual([])
  expect(await workspace.list('tasks/completed')).toEqual([file])
  expect(await workspace.read(`tasks/completed/${file}`)).toMatch(/status"?: "?complete/)

  const { manifest, events, path } = await workspace.run()
  expect(manifest).toMatchObject({ status: 'succeeded', counts: { complete: tasks } })
  expect(manifest).toEqual(manifestOf(events.reduce(reduce, emptyState())))
  const prompts = manifest.tasks.filter(({ provider }) => provider === 'server')
  expect(server.requests).toHaveLength(prompts.length)
  for (const { output, tokens, label } of prompts) {
    expect(await workspace.read(join(path, output ?? '').slice(workspace.dir.length))).toBe(ANSWER)
    expect({ tokens, label }).toEqual({ tokens: { input: 11, cached: 3, output: 7 }, label: undefined })
  }
})

it('hands the results of earlier tasks to the prompts that depend on them', async () => {
  const { server, workspace } = await world()
  await workspace.write(
    'plan.yaml',
    `tasks:
  - id: measure
    command: echo forty-two files
  - id: describe
    prompt: Describe it.
    depends_on: [measure]
`,
  )
  expect(await workspace.tutti(['run', 'plan.yaml'])).toMatchObject({ code: 0 })
  expect(server.requests[0]?.prompt).toBe('Describe it.\n\n<result task="measure" title="measure">\nforty-two files\n</result>')
})

it('runs the branches of a job spec side by side', async () => {
  const { workspace } = await world()
  await workspace.write('job.yaml', 'project: notes\ntask_description: A service that stores notes.\n')
  expect(await workspace.tutti(['run', 'job.yaml'])).toMatchObject({ code: 0 })
  const { events, manifest } = await workspace.run()
  expect(manifest.project).toBe('notes')
  const of = (type: string, task: string) => events.findIndex((event) => event.type === type && 'task' in event && event.task === task)
  expect(of('attempt.started', 'job.builder')).toBeLessThan(of('task.ended', 'job.docs'))
  expect(of('attempt.started', 'job.docs')).toBeLessThan(of('task.ended', 'job.builder'))
  expect(of('attempt.started', 'job.qa')).toBeGreaterThan(of('task.ended', 'job.docs'))
})

it('leaves a file that lies elsewhere exactly as it is', async () => {
  const { workspace } = await world()
  await workspace.write('mine/hello.md', 'Say hello.\n')
  expect(await workspace.tutti(['run', 'mine/hello.md'])).toMatchObject({ code: 0 })
  expect(await workspace.read('mine/hello.md')).toBe('Say hello.\n')
})

it('keeps the task file as it was read, and never overwrites one in the archive', async () => {
  const { workspace } = await world()
  await workspace.write('tasks/completed/hello.md', 'an earlier one')
  await workspace.write('tasks/hello.md', '---\n# mine\npriority: high # now\n---\nSay hello.\n')
  expect(await workspace.tutti(['run', 'tasks/hello.md'])).toMatchObject({ code: 0 })
  expect(await workspace.list('tasks/completed')).toEqual(['hello-2.md', 'hello.md'])
  expect(await workspace.read('tasks/completed/hello-2.md')).toBe('---\nstatus: complete\n# mine\npriority: high # now\n---\nSay hello.\n')
  const { id } = await workspace.run()
  expect(await workspace.read(`runs/${id}/inputs/hello.md`)).toBe('---\n# mine\npriority: high # now\n---\nSay hello.\n')
})
