import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startOpenAiServer } from '../servers/openai-server.ts'
import { serverConfig, testWorkspace } from './workspace.ts'

const fence = (path: string, text = 'hello') => `\`\`\`text ${path}\n${text}\n\`\`\`\n`

/** A plan with one task that does harm and one that has nothing to do with it. */
const besides = (harm: string, more = '') => `tasks:\n  - id: harm\n    command: ${JSON.stringify(harm)}\n${more}  - id: fine\n    command: sleep 0.2; echo fine\n`

describe('one task cannot end the run', () => {
  it.each([
    ['takes its own folder away', 'rm -rf "$TUTTI_OUTPUT_DIR"', '', 'complete'],
    ['puts a folder in the place of its answer', 'mkdir "$TUTTI_OUTPUT_DIR/output.md"; echo hi', '', 'failed'],
    ['puts a link in the place of its folder', 'rm -r "$TUTTI_OUTPUT_DIR"; ln -s /tmp "$TUTTI_OUTPUT_DIR"; echo hi', '', 'failed'],
    ['has a schema that refers to itself', 'echo 1', '    checks: {json_schema: {"$ref": "#"}}\n', 'incomplete'],
    ['has a schema that is asynchronous', 'echo 1', '    checks: {json_schema: {"$async": true, "type": "string"}}\n', 'incomplete'],
    ['has an expression that never ends', "printf 'a%.0s' $(seq 60); echo b", '    checks: {matches: "^(a+)+$"}\n', 'incomplete'],
  ])('that %s', async (_, harm, more, status) => {
    const workspace = await testWorkspace()
    await workspace.write('plan.yaml', besides(harm, `    retries: 0\n${more}`))
    const { code, stderr } = await workspace.tutti(['run', 'plan.yaml', '--no-tui'])
    expect({ code, stderr }).toEqual({ code: status === 'complete' ? 0 : 1, stderr: '' })
    const { manifest } = await workspace.run()
    expect(manifest.tasks.map((task) => [task.id, task.status])).toEqual([['harm', status], ['fine', 'complete']])
  })

  it('whose dependency has lost its answer', async () => {
    const workspace = await testWorkspace()
    await workspace.write(
      'plan.yaml',
      'tasks:\n  - id: first\n    command: echo hi\n  - id: thief\n    command: rm -r "$TUTTI_RUN_DIR/outputs/first"\n    depends_on: [first]\n  - id: last\n    prompt: Go on.\n    retries: 0\n    depends_on: [first, thief]\n',
    )
    expect((await workspace.tutti(['run', 'plan.yaml'])).code).toBe(1)
    expect((await workspace.run()).manifest.counts).toEqual({ complete: 2, failed: 1 })
  })
})

describe('an answer', () => {
  async function answered(text: string, front = 'retries: 0') {
    const server = await startOpenAiServer({ answer: () => text })
    onTestFinished(() => server.stop())
    const workspace = await testWorkspace(serverConfig(server.url))
    await workspace.write('task.md', `---\n${front}\n---\nWrite files.\n`)
    const { code } = await workspace.tutti(['run', 'task.md'])
    return { code, server, workspace, ...(await workspace.run()) }
  }

  it('cannot take the place of the answer itself', async () => {
    const { code, manifest, workspace, id } = await answered(fence('output.md') + fence('./output.md/x.txt'))
    expect(code).toBe(1)
    expect(manifest.tasks[0]?.refused_files).toHaveLength(2)
    expect(await workspace.list(`runs/${id}/outputs/task`)).toEqual(['output.md'])
  })

  it('has to contain the declared files itself: those of an earlier attempt do not count', async () => {
    let calls = 0
    const server = await startOpenAiServer({ answer: () => (++calls === 1 ? fence('a.md') : 'Enough words, and no file.') })
    onTestFinished(() => server.stop())
    const workspace = await testWorkspace(serverConfig(server.url))
    await workspace.write('task.md', '---\nretries: 1\noutputs: [a.md]\ncompletion_criteria: {contains: Enough}\n---\nWrite files.\n')
    expect((await workspace.tutti(['run', 'task.md'])).code).toBe(1)
    const { manifest } = await workspace.run()
    expect(manifest.tasks[0]).toMatchObject({ status: 'incomplete', attempts: 2 })
    expect(manifest.tasks[0]?.checks.map(({ passed }) => passed)).toEqual([true, false])
  })
})

describe('a run that was killed before its first step was on disk', () => {
  it('does not stand in the way of the one before it', async () => {
    const workspace = await testWorkspace()
    await workspace.write('plan.yaml', 'tasks:\n  - id: a\n    command: "true"\n    requires_approval: true\n')
    expect((await workspace.tutti(['run', 'plan.yaml'])).code).toBe(4)
    await workspace.write('runs/29991231-235959-0000/events.jsonl', '')
    expect((await workspace.tutti(['status'])).stdout).toContain('29991231-235959-0000')
    expect((await workspace.tutti(['resume', '--yes'])).code).toBe(0)
  })
})

describe('names from people', () => {
  it.each(['constructor', '__proto__', 'toString'])('such as %s are no providers, tiers or types', async (name) => {
    const workspace = await testWorkspace()
    await workspace.write('task.md', `---\nprovider: ${name}\n---\nHello.\n`)
    await workspace.write('typed.md', `---\ntype: ${name}\n---\nHello.\n`)
    expect(await workspace.tutti(['run', 'task.md'])).toMatchObject({ code: 2, stderr: expect.stringContaining(`the provider "${name}" is not in the configuration`) })
    expect(await workspace.tutti(['run', 'typed.md', '--provider', name])).toMatchObject({ code: 2 })
    expect(await workspace.tutti(['run', 'typed.md'])).toMatchObject({ code: 0 })
  })
})

it('what a terminal could take for a command is escaped in JSON and taken out of errors', async () => {
  const workspace = await testWorkspace()
  await workspace.write('plan.yaml', 'tasks:\n  - id: a\n    title: "x\\u009b2Jy"\n    command: "true"\n')
  const { stdout } = await workspace.tutti(['run', 'plan.yaml', '--json'])
  expect(stdout).toContain('x\\u009b2Jy')
  expect(stdout).not.toContain('\u009b')
  expect((await workspace.tutti(['run', '--\u001b[31mred'])).stderr).not.toContain('\u001b')
})

it('a loop of links in tasks/ does not keep anything from being watched', async () => {
  const workspace = await testWorkspace()
  await workspace.write('tasks/pending/.keep', '')
  await symlink('loop.md', join(workspace.dir, 'tasks/loop.md'))
  const running = workspace.start(['watch'])
  await workspace.write('tasks/hello.md', 'Say hello.\n')
  await expect.poll(() => workspace.list('tasks/completed'), { timeout: 15_000 }).toEqual(['hello.md'])
  running.kill('SIGTERM')
  expect((await running).exitCode).toBe(143)
})
