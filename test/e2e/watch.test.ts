import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testWorkspace, type TestWorkspace } from './workspace.ts'

const POLL = { timeout: 15_000, interval: 20 }

/** A workspace that is being watched; what it says is collected. */
async function watching(workspace: TestWorkspace, ...args: string[]) {
  const program = workspace.start(['watch', ...args])
  let said = ''
  program.stdout_stream.on('data', (text: Buffer) => (said += text.toString()))
  program.stderr_stream.on('data', (text: Buffer) => (said += text.toString()))
  await expect.poll(() => said, POLL).toContain('watching ')
  return { program, said: () => said }
}

const completed = (workspace: TestWorkspace) => workspace.list('tasks/completed')
/** A task that runs until the file `go` is there. */
const blocker = (id: string) => `---\nid: ${id}\ncommand: "until test -e go; do sleep 0.02; done"\n---\n`

describe('a workspace that is watched', () => {
  it('runs what is dropped into it, and leaves with 130', async () => {
    const workspace = await testWorkspace()
    const { program, said } = await watching(workspace)
    await workspace.write('tasks/hello.md', 'Say hello.\n')
    await expect.poll(() => completed(workspace), POLL).toEqual(['hello.md'])
    await workspace.write('tasks/pending/again.md', 'Say it again.\n')
    await expect.poll(() => completed(workspace), POLL).toEqual(['again.md', 'hello.md'])
    expect(said()).toContain('1 complete')
    program.kill('SIGINT')
    expect((await program).exitCode).toBe(130)
  })

  it('takes files that depend on each other in whatever order they come', async () => {
    const workspace = await testWorkspace()
    const { said } = await watching(workspace)
    await workspace.write('tasks/second.md', '---\ndepends_on: [first]\n---\nGo on.\n')
    await expect.poll(said, POLL).toContain('"second" depends on "first", which no task file defines')
    expect(await completed(workspace)).toEqual([])
    await workspace.write('tasks/first.md', 'Begin.\n')
    await expect.poll(() => completed(workspace), POLL).toEqual(['first.md', 'second.md'])
  })

  it('builds on what an earlier run has completed', async () => {
    const workspace = await testWorkspace()
    await watching(workspace)
    await workspace.write('tasks/first.md', '---\ncommand: echo from the first\n---\n')
    await expect.poll(() => completed(workspace), POLL).toEqual(['first.md'])
    await expect.poll(async () => (await workspace.run()).manifest.status, POLL).toBe('succeeded')
    await workspace.write('tasks/second.md', '---\ndepends_on: [first]\ncommand: cat "$TUTTI_RESULT_FIRST" > result\n---\n')
    await expect.poll(() => completed(workspace), POLL).toEqual(['first.md', 'second.md'])
    expect(await workspace.read('result')).toBe('from the first\n')
  })

  it('reads a file again that was edited before its task started', async () => {
    const workspace = await testWorkspace({ execution: { max_concurrent: 1 } })
    const { said } = await watching(workspace)
    await workspace.write('tasks/block.md', blocker('block'))
    await expect.poll(() => workspace.read('tasks/block.md'), POLL).toContain('status: running')
    await workspace.write('tasks/later.md', '---\ncommand: echo old > result\n---\n')
    await expect.poll(async () => (await workspace.run()).events.some((event) => event.type === 'task.added' && event.task.id === 'later'), POLL).toBe(true)
    // Some editors save by writing another file and renaming it.
    await workspace.write('later.new', '---\ncommand: echo new > result\n---\n')
    await rename(join(workspace.dir, 'later.new'), join(workspace.dir, 'tasks/later.md'))
    await expect.poll(said, POLL).toContain('read again from tasks/later.md')
    await workspace.write('go', '')
    await expect.poll(() => completed(workspace), POLL).toEqual(['block.md', 'later.md'])
    expect(await workspace.read('result')).toBe('new\n')
  })

  it('runs a file again that was edited while it ran, and keeps it until then', async () => {
    const workspace = await testWorkspace()
    const { said } = await watching(workspace)
    await workspace.write('tasks/edit.md', '---\ncommand: "until test -e go; do sleep 0.02; done; echo one >> result"\n---\n')
    await expect.poll(() => workspace.read('tasks/edit.md'), POLL).toContain('status: running')
    await workspace.write('tasks/edit.md', '---\ncommand: echo two >> result\n---\n')
    await workspace.write('go', '')
    await expect.poll(() => completed(workspace), POLL).toEqual(['edit.md'])
    expect(said()).toContain('it was changed while it ran; it stays, to be run again')
    expect(await workspace.read('result')).toBe('one\ntwo\n')
    expect(await workspace.read('tasks/completed/edit.md')).toContain('echo two')
  })

  it('withdraws a file that was deleted before its task started', async () => {
    const workspace = await testWorkspace({ execution: { max_concurrent: 1 } })
    const { said } = await watching(workspace)
    await workspace.write('tasks/block.md', blocker('block'))
    await expect.poll(() => workspace.read('tasks/block.md'), POLL).toContain('status: running')
    await workspace.write('tasks/later.md', '---\ncommand: touch result\n---\n')
    await expect.poll(async () => (await workspace.run()).events.some((event) => event.type === 'task.added' && event.task.id === 'later'), POLL).toBe(true)
    await rm(join(workspace.dir, 'tasks/later.md'))
    await expect.poll(said, POLL).toContain('cancelled: tasks/later.md was deleted')
    await workspace.write('go', '')
    await expect.poll(() => completed(workspace), POLL).toEqual(['block.md'])
    expect(await workspace.list('.')).not.toContain('result')
  })

  it('reports a broken file with line and column, leaves it there, and reads it again when it changes', async () => {
    const workspace = await testWorkspace()
    const { said } = await watching(workspace)
    await workspace.write('tasks/broken.md', '---\ntimeout_s: soon\n---\nHello.\n')
    await expect.poll(said, POLL).toMatch(/error: tasks\/broken\.md:2:1: /)
    expect(await workspace.read('tasks/broken.md')).toContain('soon')
    await workspace.write('tasks/broken.md', '---\ntimeout_s: 60\n---\nHello.\n')
    await expect.poll(() => completed(workspace), POLL).toEqual(['broken.md'])
  })

  it('runs an incomplete file again when it is edited, and not before', async () => {
    const workspace = await testWorkspace()
    await workspace.write('tasks/pending/bad.md', '---\nstatus: incomplete\ncompletion_criteria: {contains: never}\n---\nHello.\n')
    const { said } = await watching(workspace)
    await workspace.write('tasks/pending/bad2.md', '---\nretries: 0\ncompletion_criteria: {contains: "no such words"}\n---\nHello.\n')
    await expect.poll(() => workspace.read('tasks/pending/bad2.md'), POLL).toContain('status: incomplete')
    await expect.poll(said, POLL).toContain('1 incomplete')
    await workspace.write('tasks/pending/bad2.md', '---\nstatus: incomplete\n---\nHello.\n')
    await expect.poll(() => completed(workspace), POLL).toEqual(['bad2.md'])
    expect(await workspace.read('tasks/pending/bad.md')).toContain('status: incomplete')
    expect((await workspace.list('runs')).filter((name) => name.startsWith('2'))).toHaveLength(2)
  })

  it('takes up the run that an earlier conductor was killed in', async () => {
    const workspace = await testWorkspace()
    await workspace.write('tasks/block.md', blocker('block'))
    await workspace.write('tasks/after.md', '---\ndepends_on: [block]\n---\nGo on.\n')
    const { program } = await watching(workspace)
    await expect.poll(() => workspace.read('tasks/block.md'), POLL).toContain('status: running')
    program.kill('SIGKILL')
    await program
    await workspace.write('go', '')
    await watching(workspace)
    await expect.poll(() => completed(workspace), POLL).toEqual(['after.md', 'block.md'])
    expect((await workspace.list('runs')).filter((name) => name.startsWith('2'))).toHaveLength(1)
  })

  it('says once how what is held for money goes on, and of each approval how it is given', async () => {
    const providers = { paid: { type: 'openai', base_url: 'http://127.0.0.1:9/v1', model: 'm' } }
    const workspace = await testWorkspace({ providers })
    const { said } = await watching(workspace)
    await workspace.write('tasks/plan.yaml', 'tasks:\n  - { id: a, prompt: A }\n  - { id: b, prompt: B }\n  - { id: c, command: "true", requires_approval: true }\n')
    await expect.poll(said, POLL).toMatch(/b +waits for money/)
    await expect.poll(said, POLL).toContain('"c" waits for you: tutti approve c, or tutti reject c')
    await expect.poll(said, POLL).toContain('what waits for its price goes on when config.json names that')
    expect(said().match(/what waits for its price/g)).toHaveLength(1)
    expect(said()).not.toMatch(/"[ab]" waits for approval/)
  })
})
