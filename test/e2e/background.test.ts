import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isRunning } from '../process/is-running.ts'
import { testWorkspace, type TestWorkspace } from './workspace.ts'

const POLL = { timeout: 15_000 }
const until = (file: string) => `while [ ! -e ${file} ]; do sleep 0.02; done`

/** A conductor in the background, which does not outlive the test. */
async function upIn(workspace: TestWorkspace, args: string[] = ['up', '-d']): Promise<number> {
  const { code, stdout, stderr } = await workspace.tutti(args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const pid = Number(/process (\d+)/.exec(stdout)?.[1])
  onTestFinished(() => {
    if (isRunning(pid)) process.kill(pid, 'SIGKILL')
  })
  return pid
}

const log = (workspace: TestWorkspace) => workspace.read('runs/conductor.log').catch(() => '')

describe('a conductor in the background', () => {
  it('works without whoever started it, speaks into its log, and ends on SIGTERM with what runs', async () => {
    const workspace = await testWorkspace({ project: 'test', execution: { stop_grace_s: 30 } })
    const pid = await upIn(workspace)
    expect(existsSync(join(workspace.dir, 'runs/control.sock'))).toBe(true)
    await workspace.write('tasks/plan.yaml', `tasks:\n  - { id: slow, command: "${until('go')}" }\n  - { id: next, command: "true", depends_on: [slow] }\n`)
    await expect.poll(() => log(workspace), POLL).toMatch(/slow +command/)
    process.kill(pid, 'SIGTERM')
    await expect.poll(() => log(workspace), POLL).toContain('what runs comes to its end')
    await workspace.write('go', '')
    await expect.poll(() => isRunning(pid), POLL).toBe(false)
    const { manifest } = await workspace.run()
    expect(manifest).toMatchObject({ stopped: 'SIGTERM', counts: { complete: 1, ready: 1 } })
    expect(existsSync(join(workspace.dir, 'runs/control.sock'))).toBe(false)
  })

  it('is the only one, and a second one is told of it', async () => {
    const workspace = await testWorkspace({ project: 'test' })
    const pid = await upIn(workspace)
    const second = await workspace.tutti(['up', '-d'])
    expect(second.code).toBe(2)
    expect(second.stderr).toContain(`process ${pid}`)
  })

  it('says why it could not be started', async () => {
    const workspace = await testWorkspace({ project: 'test', budget: { daily_usd: 'much' } })
    const { code, stderr } = await workspace.tutti(['up', '-d'])
    expect(code).toBe(2)
    expect(stderr).toContain('budget.daily_usd')
  })

  it('is not started where its log is none: a link leads to no other file, and a pipe keeps nobody waiting', async () => {
    const workspace = await testWorkspace({ project: 'test' })
    await workspace.write('precious', 'kept\n')
    const place = join(workspace.dir, 'runs/conductor.log')
    mkdirSync(join(workspace.dir, 'runs'), { recursive: true })
    for (const make of [() => symlinkSync(join(workspace.dir, 'precious'), place), () => mkdirSync(place), () => execFileSync('mkfifo', [place])]) {
      make()
      const { code, stderr } = await workspace.tutti(['up', '-d'])
      expect({ code, stderr }).toEqual({ code: 1, stderr: `error: ${place} is no regular file: move it away, and a new one is made` })
      rmSync(place, { recursive: true })
    }
    expect(await workspace.read('precious')).toBe('kept\n')
  })

  it('goes on when the line drops, even where it can speak to nobody', async () => {
    const workspace = await testWorkspace({ project: 'test' })
    await workspace.write('plan.yaml', `tasks:\n  - { id: slow, command: "echo begun >begun; ${until('go')}" }\n  - { id: next, command: "true", depends_on: [slow] }\n`)
    mkdirSync(join(workspace.dir, 'runs/conductor.log'), { recursive: true })
    const running = workspace.start(['run', 'plan.yaml'])
    await expect.poll(() => workspace.list('.'), POLL).toContain('begun')
    running.kill('SIGHUP')
    await workspace.write('go', '')
    expect((await running).exitCode).toBe(0)
    expect((await workspace.run()).manifest.counts).toEqual({ complete: 2 })
  })

  it('goes on when the line drops', async () => {
    const workspace = await testWorkspace({ project: 'test' })
    const running = workspace.start(['up'])
    await workspace.write('tasks/plan.yaml', `tasks:\n  - { id: slow, command: "echo begun >begun; ${until('go')}" }\n`)
    await expect.poll(() => workspace.list('.'), POLL).toContain('begun')
    running.kill('SIGHUP')
    await expect.poll(() => workspace.list('runs'), POLL).toContain('conductor.log')
    await workspace.write('go', '')
    await expect.poll(() => log(workspace), POLL).toMatch(/slow +complete/)
    running.kill('SIGTERM')
    expect((await running).exitCode).toBe(143)
  })
})

describe('a configuration that is changed while a run goes on', () => {
  const config = { project: 'test', execution: { max_concurrent: 1 } }

  it('holds at once where that is safe; of the rest it is said that it does not, and what is broken changes nothing', async () => {
    const workspace = await testWorkspace(config)
    const running = workspace.start(['up'])
    let said = ''
    for (const stream of [running.stdout_stream, running.stderr_stream]) stream.on('data', (text) => (said += String(text)))
    await workspace.write('tasks/plan.yaml', `tasks:\n  - { id: one, command: "${until('go')}" }\n  - { id: two, command: "touch two" }\n`)
    await expect.poll(() => said, POLL).toMatch(/one +command/)
    await workspace.write('config.json', '{ "execution": { "max_concurrent": "two" } }')
    await expect.poll(() => said, POLL).toContain('what it said before still holds')
    await workspace.write('config.json', JSON.stringify({ ...config, project: 'other', execution: { max_concurrent: 2 } }))
    await expect.poll(() => workspace.list('.'), POLL).toContain('two')
    await expect.poll(() => said, POLL).toContain('config.json has changed: execution.max_concurrent')
    await expect.poll(() => said, POLL).toContain('config.json has changed: project holds once Tutti is started again')
    rmSync(join(workspace.dir, 'config.json'))
    mkdirSync(join(workspace.dir, 'config.json'))
    await expect.poll(() => said, POLL).toContain('EISDIR')
    await expect.poll(() => said.split('what it said before still holds').length, POLL).toBe(3)
    rmSync(join(workspace.dir, 'config.json'), { recursive: true })
    await workspace.write('config.json', JSON.stringify({ ...config, project: 'other', execution: { max_concurrent: 3 } }))
    await expect.poll(() => said.split('config.json has changed: execution.max_concurrent').length, POLL).toBe(3)
    await workspace.write('go', '')
    running.kill('SIGTERM')
    await running
    expect((await workspace.run()).events).toContainEqual(expect.objectContaining({ type: 'settings.changed', keys: ['execution.max_concurrent'] }))
  })
})
