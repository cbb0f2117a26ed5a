import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { connectControl, type ControlClient } from '../../src/control/client.ts'
import { Done, InboxNow, StateNow } from '../../src/control/protocol.ts'
import { eventsOfRun } from '../../src/app/runs.ts'
import type { Event } from '../../src/core/events.ts'
import { aConductor, BLOCKED, doorsTo, WAIT } from '../remote/world.ts'

const PLAN = `tasks:\n  - { id: slow, command: ${BLOCKED} }\n  - { id: gated, command: "true", requires_approval: true }\n`

async function connected(runs: string): Promise<ControlClient> {
  const client = await connectControl(runs, { by: 'Jörg' })
  if (client === undefined) throw new Error('nobody answers')
  return client
}

it('nobody answers where no conductor is, nor where a dead one left its socket', async () => {
  const conductor = await aConductor()
  expect(await connectControl(conductor.workspace.runs)).toBeUndefined()
  await writeFile(join(conductor.workspace.runs, 'control.sock'), '')
  expect(await connectControl(conductor.workspace.runs)).toBeUndefined()
})

it('a person reads and steers from another process, under their name', async () => {
  const conductor = await aConductor()
  await doorsTo(conductor)
  const run = await conductor.begin(PLAN)
  const client = await connected(conductor.workspace.runs)
  const inbox = await vi.waitFor(async () => {
    const said = await client.get('/v1/inbox', InboxNow)
    expect(said).toMatchObject({ said: 'yes', value: { entries: [{ task: 'gated' }] } })
    return said
  }, WAIT)
  expect(inbox.said).toBe('yes')
  expect(await client.post('/v1/wishes/approve', { task: 'gated' }, Done, 'key-1')).toMatchObject({ said: 'yes', value: { events: [{ type: 'gate.answered', by: 'Jörg' }] } })
  expect(await client.post('/v1/wishes/approve', { task: 'gated' }, Done, 'key-1')).toMatchObject({ said: 'yes', value: { before: { from: expect.any(Number) }, events: [{ type: 'gate.answered' }] } })
  expect(await client.post('/v1/wishes/approve', { task: 'gated' }, Done)).toMatchObject({ said: 'no', status: 409, error: { code: 'refused' } })
  expect(await client.get('/v1/state', StateNow)).toMatchObject({ said: 'yes', value: { run: { run: run.id } } })
})

it('its events come as they happen, over a server that goes away and comes back, until the conductor is gone', async () => {
  const conductor = await aConductor()
  const before = await doorsTo(conductor)
  const run = await conductor.begin(PLAN)
  const client = await connected(conductor.workspace.runs)
  const seen: Event[] = []
  const reading = (async () => {
    for await (const { event } of client.events()) seen.push(event)
  })()
  await vi.waitFor(() => expect(seen.some(({ type }) => type === 'gate.opened')).toBe(true), WAIT)
  await before.close()
  const after = await doorsTo(conductor)
  await client.post('/v1/wishes/approve', { task: 'gated' }, Done)
  await writeFile(join(conductor.workspace.dir, 'go'), '')
  await run.finished
  await vi.waitFor(() => expect(seen.at(-1)?.type).toBe('run.closed'), WAIT)
  await after.close()
  await reading
  expect(seen).toEqual(await eventsOfRun(run.folder))
  expect(await client.get('/v1/state', StateNow)).toMatchObject({ said: 'nothing' })
})

it('its events can be given up, and begin behind one that was seen', async () => {
  const conductor = await aConductor()
  await doorsTo(conductor)
  const run = await conductor.begin(PLAN)
  const client = await connected(conductor.workspace.runs)
  const ending = new AbortController()
  const seen: number[] = []
  for await (const { event } of client.events({ run: run.id, seq: 3 }, ending.signal)) {
    seen.push(event.seq)
    if (seen.length === 2) ending.abort()
  }
  expect(seen).toEqual([4, 5])
  await expect(client.events({ run: run.id, seq: 1_000_000 }).next()).rejects.toThrow('has no event 1000000')
})

it('what a task says comes to its end, and no further', async () => {
  const conductor = await aConductor()
  await doorsTo(conductor)
  const run = await conductor.begin('tasks:\n  - { id: talk, command: "echo hello" }\n')
  await run.finished
  const client = await connected(conductor.workspace.runs)
  const messages = []
  for await (const { event, data } of client.sse('/v1/tasks/talk/log/stream')) messages.push([event, JSON.parse(data)])
  expect(messages).toMatchObject([['message', { text: 'hello\n' }], ['end', { status: 'complete' }]])
})
