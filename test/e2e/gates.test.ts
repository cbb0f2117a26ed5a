import { join, resolve } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connectControl } from '../../src/control/client.ts'
import { InboxNow } from '../../src/control/protocol.ts'
import { isRunning } from '../process/is-running.ts'
import { NO_PTY, startInPty } from '../pty/terminal.ts'
import { has } from './screen/world.ts'
import { testWorkspace, type TestWorkspace } from './workspace.ts'

const POLL = { timeout: 15_000 }

/** Three branches with a gate each, and what stands behind them; and one that asks nobody. */
const ASKS = `printf '{"question":"Where to?","options":["here","there"]}\\n' >&3; read -r answer <&4; echo "went $answer"`
const PLAN = `tasks:
  - { id: deploy, command: "echo deployed", requires_approval: true }
  - { id: announce, command: "echo announced", depends_on: [deploy] }
  - { id: ask, command: ${JSON.stringify(ASKS)}, tools: [ask_user] }
  - { id: go, command: "echo gone", depends_on: [ask] }
  - { id: write, command: "echo text", review: true }
  - { id: print, command: "echo printed", depends_on: [write] }
  - { id: alone, command: "echo alone" }
  - { id: after, command: "touch independent", depends_on: [alone] }
`

/** A conductor in the background with the plan, every gate of which is open; it listens on a port of its own. */
async function allWaiting(): Promise<{ workspace: TestWorkspace; pid: number; url: string }> {
  const workspace = await testWorkspace({ project: 'test' })
  const pid = await up(workspace)
  await workspace.write('plan.yaml', PLAN)
  expect((await workspace.tutti(['add', 'plan.yaml'])).code).toBe(0)
  await expect.poll(() => workspace.list('.'), POLL).toContain('independent')
  await expect.poll(async () => (await gatesOf(workspace)).map(({ gate }) => gate), POLL).toEqual(expect.arrayContaining(['approval', 'question', 'review']))
  const url = /listening on (\S+);/.exec(await workspace.read('runs/conductor.log'))?.[1] ?? ''
  return { workspace, pid, url }
}

async function up(workspace: TestWorkspace): Promise<number> {
  const { stdout } = await workspace.tutti(['up', '-d', '--listen', '127.0.0.1:0'])
  const pid = Number(/process (\d+)/.exec(stdout)?.[1])
  onTestFinished(() => {
    if (isRunning(pid)) process.kill(pid, 'SIGKILL')
  })
  return pid
}

async function gatesOf({ dir }: TestWorkspace) {
  const client = await connectControl(join(dir, 'runs'))
  const said = await client?.get('/v1/inbox', InboxNow)
  return said?.said === 'yes' ? said.value.entries : []
}

const counts = async (workspace: TestWorkspace) => (await workspace.run()).manifest.counts

describe.skipIf(NO_PTY !== undefined)(`three gates on three branches (${NO_PTY ?? 'in a real terminal'})`, () => {
  it('let everything else go on, and are answered on the screen, from the command line and over HTTP; a second answer is refused', { timeout: 60_000 }, async () => {
    const { workspace, url } = await allWaiting()
    await expect.poll(() => counts(workspace), POLL).toEqual({ held: 3, waiting: 3, complete: 2 })

    const terminal = startInPty([process.execPath, resolve('dist/main.js'), 'attach'], { cwd: workspace.dir, columns: 120, rows: 34 })
    await terminal.until(has('deploy'))
    terminal.keys(':approve deploy\r')
    await terminal.until(has(/✔ announce/))

    const answered = await workspace.tutti(['answer', 'ask', 'there'])
    expect(answered.code).toBe(0)

    const { stdout: token } = await workspace.tutti(['token', 'create', '--role', 'operator', '--name', 'ada'])
    const review = (await gatesOf(workspace)).find(({ gate }) => gate === 'review')
    const send = (body: object) => fetch(`${url}/v1/wishes/approve`, { method: 'POST', headers: { authorization: `Bearer ${token.trim()}`, 'content-type': 'application/json' }, body: JSON.stringify(body) })
    const approval = { task: 'write', gate: review?.id, shown: review?.shown }
    expect((await send(approval)).status).toBe(200)

    const second = await send(approval)
    expect(second.status).toBe(409)
    expect(await second.text()).toContain('was approved already, by ada (http)')
    const late = await workspace.tutti(['answer', 'ask', 'here'])
    expect(late.code).toBe(1)
    expect(late.stderr).toContain('answered already')

    await expect.poll(() => counts(workspace), POLL).toEqual({ complete: 8 })
    const { events } = await workspace.run()
    expect(events.filter(({ type }) => type === 'gate.answered').map((event) => 'door' in event && event.door)).toEqual(expect.arrayContaining(['cli', 'http', 'screen']))
  })

  it('stand as they were after a kill -9 of the conductor, and go on from there', { timeout: 60_000 }, async () => {
    const { workspace, pid } = await allWaiting()
    const identity = async () => (await gatesOf(workspace)).map(({ task, id, shown }) => ({ task, id, shown })).sort((a, b) => (a.task < b.task ? -1 : 1))
    const before = await identity()
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => isRunning(pid), POLL).toBe(false)
    await up(workspace)
    await expect.poll(identity, POLL).toEqual(before)
    for (const args of [['approve', 'deploy', 'write'], ['answer', 'ask', '1']]) expect((await workspace.tutti(args)).code).toBe(0)
    await expect.poll(() => counts(workspace), POLL).toEqual({ complete: 8 })
    expect(await workspace.read(`runs/${(await workspace.run()).id}/outputs/ask/output.md`)).toContain('went here')
  })
})
