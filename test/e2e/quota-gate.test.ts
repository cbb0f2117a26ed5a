import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connectControl } from '../../src/control/client.ts'
import { InboxNow } from '../../src/control/protocol.ts'
import { isRunning } from '../process/is-running.ts'
import { startOpenAiServer } from '../servers/openai-server.ts'
import { serverConfig, testWorkspace, type TestWorkspace } from './workspace.ts'

/*
 * An account that has nothing left, at a server that does not say until when.
 */

const POLL = { timeout: 30_000 }
const LONG = { timeout: 90_000 }
const PLAN = 'tasks:\n  - { id: ask, prompt: Ask. }\n  - { id: tell, prompt: Tell. }\n  - { id: after, command: "true", depends_on: [ask] }\n'

async function emptyAccount() {
  let isEmpty = true
  const server = await startOpenAiServer({ scenario: () => (isEmpty ? { kind: 'refused', status: 429, code: 'insufficient_quota' } : undefined) })
  onTestFinished(() => server.stop())
  const workspace = await testWorkspace(serverConfig(server.url, { execution: { max_concurrent: 1 } }))
  await workspace.write('plan.yaml', PLAN)
  return { server, workspace, refill: () => (isEmpty = false) }
}

async function up(workspace: TestWorkspace): Promise<number> {
  const { stdout } = await workspace.tutti(['up', '-d'])
  const pid = Number(/process (\d+)/.exec(stdout)?.[1])
  onTestFinished(() => {
    if (isRunning(pid)) process.kill(pid, 'SIGKILL')
  })
  return pid
}

async function gatesOf({ dir }: TestWorkspace) {
  const client = await connectControl(join(dir, 'runs'))
  const said = await client?.get('/v1/inbox', InboxNow)
  return said?.said === 'yes' ? said.value : { entries: [], quotas: [] }
}

const identity = async (workspace: TestWorkspace) => (await gatesOf(workspace)).entries.map(({ task, gate, id, shown }) => ({ task, gate, id, shown }))

describe('a quota of which nobody knows when it is back', () => {
  it('waits for a person, under the same name after kill -9 and without asking the server again, and goes on once it is approved', LONG, async () => {
    const { server, workspace, refill } = await emptyAccount()
    const pid = await up(workspace)
    expect((await workspace.tutti(['add', 'plan.yaml'])).code).toBe(0)
    await expect.poll(async () => (await identity(workspace)).map(({ task, gate }) => `${task} ${String(gate)}`), POLL).toEqual(['ask quota', 'tell quota'])
    // It is told once: at its gates, and not beside them.
    expect((await gatesOf(workspace)).quotas).toEqual([])
    const before = await identity(workspace)
    const asked = server.requests.length

    process.kill(pid, 'SIGKILL')
    await expect.poll(() => isRunning(pid), POLL).toBe(false)
    await up(workspace)
    await expect.poll(() => identity(workspace), POLL).toEqual(before)
    expect(server.requests).toHaveLength(asked)

    const { stdout } = await workspace.tutti(['inbox'])
    expect(stdout).toContain('ask: waits for a quota: server has nothing left')
    expect(stdout).toContain('tutti approve ask')
    refill()
    const approved = await workspace.tutti(['approve', 'ask', 'tell', '--by', 'ada'])
    expect(approved).toMatchObject({ code: 0, stderr: '' })
    await expect.poll(async () => (await workspace.run()).manifest.counts, POLL).toEqual({ complete: 3 })
    const { events } = await workspace.run()
    expect(events.filter(({ type }) => type === 'provider.back')).toMatchObject([{ provider: 'server', reason: 'ada asked for it' }])
  })

  it('lets a run that nobody attends leave with 4; an answer is kept, and taking it up asks again', LONG, async () => {
    const { server, workspace, refill } = await emptyAccount()
    const left = await workspace.tutti(['run', 'plan.yaml'])
    expect(left.code).toBe(4)
    expect(left.stdout).toMatch(/ask: waits for a quota: server has nothing left/)
    expect(left.stdout).toMatch(/go on with +tutti resume \S+ +\(asks again whoever has nothing left\)/)
    expect(server.requests).toHaveLength(1)

    refill()
    expect(await workspace.tutti(['approve', 'ask'])).toMatchObject({ code: 0, stdout: expect.stringContaining('recorded: approve "ask"') })
    const resumed = await workspace.tutti(['resume'])
    expect(resumed.code).toBe(0)
    expect(resumed.stderr).not.toContain('nothing to approve')
    expect((await workspace.run()).manifest.counts).toEqual({ complete: 3 })
  })
})
