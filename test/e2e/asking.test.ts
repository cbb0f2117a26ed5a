import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { connectControl } from '../../src/control/client.ts'
import { Done, InboxNow } from '../../src/control/protocol.ts'
import { testWorkspace, type TestWorkspace } from './workspace.ts'

const POLL = { timeout: 15_000 }

/** A command that asks by its channel, and writes down what it was told. */
const ASKS = `printf '{"question":"Deploy where?","options":["here","there"],"default":"here"}\\n' >&3; read -r answer <&4; echo "told $answer"`
const PLAN = `tasks:
  - { id: ask, command: ${JSON.stringify(ASKS)}, tools: [ask_user] }
  - { id: after, command: "true", depends_on: [ask] }
  - { id: alone, command: "touch alone" }
`

async function doorOf({ dir }: TestWorkspace) {
  const client = await connectControl(join(dir, 'runs'), { by: 'ada' })
  if (client === undefined) throw new Error('nobody answers')
  return client
}

describe('a command that asks', () => {
  it('is held at a gate while everything else goes on, and told what is answered through another door; a second answer is refused', async () => {
    const workspace = await testWorkspace({ project: 'test', execution: { max_concurrent: 1 } })
    await workspace.write('plan.yaml', PLAN)
    const running = workspace.start(['up'])
    await expect.poll(() => connectControl(join(workspace.dir, 'runs')), POLL).toBeDefined()
    const client = await doorOf(workspace)
    await client.post('/v1/tasks', { paths: [join(workspace.dir, 'plan.yaml')] }, Done)
    // Its slot is free while it waits.
    await expect.poll(() => workspace.list('.'), POLL).toContain('alone')
    const inbox = await client.get('/v1/inbox', InboxNow)
    const entry = inbox.said === 'yes' ? inbox.value.entries[0] : undefined
    expect(entry).toMatchObject({ task: 'ask', gate: 'question', waits: 'asks: Deploy where?' })
    const answer = { task: 'ask', gate: entry?.id, shown: entry?.shown, answers: ['there'] }
    expect(await client.post('/v1/wishes/answer', answer, Done)).toMatchObject({ said: 'yes', value: { events: [{ type: 'gate.answered', by: 'ada', door: 'cli' }] } })
    expect(await client.post('/v1/wishes/answer', answer, Done)).toMatchObject({ said: 'no', status: 409 })
    await expect.poll(async () => (await workspace.run()).manifest.status, POLL).toBe('succeeded')
    expect(await workspace.read(`runs/${(await workspace.run()).id}/outputs/ask/output.md`)).toContain('told there')
    running.kill('SIGINT')
    await running
  })

  it('in a run that nobody attends is told its default, where the task says so', async () => {
    const workspace = await testWorkspace({ project: 'test', gates: { on_question: 'default' } })
    await workspace.write('plan.yaml', PLAN)
    expect((await workspace.tutti(['run', 'plan.yaml'])).code).toBe(0)
    expect(await workspace.read(`runs/${(await workspace.run()).id}/outputs/ask/output.md`)).toContain('told here')
  })

  it('in a run that nobody attends is kept for later, otherwise: code 4, and nothing is left behind', async () => {
    const workspace = await testWorkspace({ project: 'test' })
    await workspace.write('plan.yaml', PLAN)
    const { code, stdout } = await workspace.tutti(['run', 'plan.yaml'])
    expect(code).toBe(4)
    expect(stdout).toContain('asks: Deploy where?')
    expect((await workspace.run()).manifest.counts).toEqual({ held: 1, waiting: 1, complete: 1 })
  })
})
