import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished, vi } from 'vitest'
import { loadPlan } from '../../src/app/plans.ts'
import { openNotifier } from '../../src/app/notifier.ts'
import { resumeRun, startRun, type Run } from '../../src/app/run.ts'
import { eventsOfRun, replayRun } from '../../src/app/runs.ts'
import { openWorkspace, type Workspace } from '../../src/app/workspace.ts'
import type { Event } from '../../src/core/events.ts'
import type { Problem } from '../../src/core/problem.ts'
import { reduce } from '../../src/core/reduce.ts'
import { emptyState } from '../../src/core/state.ts'
import { PACE, type Pace } from '../../src/notify/pace.ts'
import { runFolder } from '../../src/store/run-folder.ts'
import { startReceiver, type ReceiverServer } from '../servers/receiver.ts'
import { tempDir } from '../temp-dir.ts'

const SECRET = 'the-shared-secret-of-the-receiver'
const CONDUCTOR = fileURLToPath(new URL('told-run.ts', import.meta.url))
const WAIT = { timeout: 15_000, interval: 10 }
/** A pace that a test can wait for. */
const QUICK: Pace = { ...PACE, first_ms: 5, longest_ms: 20, grace_ms: 2000 }

async function workspaceTelling(notify: object, env: NodeJS.ProcessEnv = { HOOK_SECRET: SECRET }): Promise<Workspace> {
  const dir = await tempDir()
  await writeFile(join(dir, 'config.json'), JSON.stringify({ notify }))
  const opened = await openWorkspace(dir, {}, env)
  if ('problems' in opened) throw new Error(JSON.stringify(opened.problems))
  return opened
}

/** The same workspace with another configuration. */
async function sameFolder({ dir }: Workspace, notify: object): Promise<Workspace> {
  const config = await readFile(join(dir, 'config.json'))
  await writeFile(join(dir, 'config.json'), JSON.stringify({ notify }))
  const opened = await openWorkspace(dir, {}, {})
  await writeFile(join(dir, 'config.json'), config)
  if ('problems' in opened) throw new Error(JSON.stringify(opened.problems))
  return opened
}

const PLAN = `tasks:
  - { id: build, title: Build it, command: "true" }
  - { id: test, command: "exit 3", depends_on: [build] }
  - { id: ship, command: "true", depends_on: [test] }
`

async function run(workspace: Workspace, text = PLAN): Promise<Run> {
  await mkdir(workspace.dir, { recursive: true })
  const path = join(workspace.dir, 'plan.yaml')
  await writeFile(path, text)
  const loading = await loadPlan(workspace, [path], {})
  if (loading.result === 'broken') throw new Error(JSON.stringify(loading.problems))
  return startRun(workspace, loading.loaded, [])
}

/** A run that is over, whose events are told to receivers again, one by one, at the pace of the test. */
async function recorded(text = PLAN): Promise<Event[]> {
  const first = await run(await workspaceTelling({}), text)
  await first.finished
  return eventsOfRun(first.folder)
}

/** Tells events to the receivers of a workspace as a conductor does. */
async function telling(workspace: Workspace, pace: Partial<Pace> = {}, durable: () => Promise<void> = async () => {}) {
  const folder = runFolder(workspace.runs, '20301120-140211-0001')
  await mkdir(folder.path, { recursive: true })
  const state = emptyState()
  const warned: Problem[] = []
  const notifier = await openNotifier(workspace, folder, { state, durable, warn: (problem) => warned.push(problem), pace: { ...QUICK, ...pace } })
  return {
    folder,
    warnings: () => warned.map(({ message }) => message),
    end: notifier.end,
    tell: (events: readonly Event[]) => {
      for (const event of events) {
        reduce(state, event)
        notifier.listener(event, state)
      }
    },
  }
}

type Line = { receiver: string; why: string; tries: number; notification: { event: string; id: string } }
const undelivered = async ({ runs }: Workspace): Promise<Line[]> => {
  const text = await readFile(join(runs, 'undelivered.jsonl'), 'utf8').catch(() => '')
  return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Line)
}

const hook = ({ url }: ReceiverServer, more: object = {}) => ({ webhook: { url, secret: '${HOOK_SECRET}', ...more } })

/** An address of this machine where nothing listens. */
async function deadUrl(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hook`
}

it('a receiver is told of a run in order, one request at a time, each signed', async () => {
  const receiver = await startReceiver()
  const conducted = await run(await workspaceTelling(hook(receiver)))
  await conducted.finished
  expect(conducted.late).toEqual([])
  expect(receiver.told()).toEqual(['session_start', 'task_start', 'task_complete', 'task_start', 'task_failed', 'task_failed', 'session_complete'])
  expect(receiver.mostAtOnce()).toBe(1)

  for (const { headers, raw, body, method } of receiver.received) {
    const timestamp = String(headers['x-tutti-timestamp'])
    expect(headers['x-tutti-signature']).toBe(`sha256=${createHmac('sha256', SECRET).update(`${timestamp}.${raw}`).digest('hex')}`)
    expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(60)
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-tutti-event': body['event'], 'x-tutti-delivery': body['id'] })
    expect(headers['user-agent']).toMatch(/^tutti\//)
    expect(method).toBe('POST')
    expect(body).toMatchObject({ v: 1, run: conducted.id, project: expect.any(String), at: expect.any(String), seq: expect.any(Number) })
  }
  expect(new Set(receiver.received.map(({ body }) => body['id'])).size).toBe(7)
  const [, , built, , failed, , over] = receiver.received.map(({ body }) => body)
  expect(built).toMatchObject({ task: { id: 'build', title: 'Build it', status: 'complete', attempts: 1 } })
  expect(failed).toMatchObject({ task: { id: 'test', status: 'failed', reason: expect.stringContaining('3') } })
  expect(over).toMatchObject({ summary: { status: 'failed', counts: { complete: 1, failed: 1, blocked: 1 }, cost_usd: 0, duration_s: expect.any(Number) } })
})

it('gets only what it asked for, and of a gate what a person has to decide', async () => {
  const receiver = await startReceiver()
  const conducted = await run(await workspaceTelling(hook(receiver, { events: ['question'] })), 'tasks:\n  - { id: deploy, title: Deploy, command: "true", requires_approval: true }\n')
  await conducted.finished
  expect(receiver.received.map(({ body }) => body)).toMatchObject([{ event: 'question', question: { gate_kind: 'approval', text: 'waits for approval' }, task: { id: 'deploy', status: 'held', attempts: 0, cost_usd: null } }])
})

it('several receivers are told each at its own pace', async () => {
  const [quick, slow] = [await startReceiver(), await startReceiver()]
  slow.always(() => {})
  const workspace = await workspaceTelling({ webhook: { url: quick.url }, slow: { url: slow.url } })
  const { tell, end } = await telling(workspace, { grace_ms: 50 })
  tell(await recorded())
  await vi.waitFor(() => expect(quick.received).toHaveLength(7), WAIT)
  expect(slow.received.length).toBeLessThanOrEqual(1)
  expect(quick.received[0]?.headers).not.toHaveProperty('x-tutti-signature')
  await end()
  expect((await undelivered(workspace)).map(({ receiver }) => receiver)).toEqual(Array(7).fill('notify.slow'))
})

it('what fails for a moment is tried again, until it is taken, and nothing overtakes it', async () => {
  const receiver = await startReceiver()
  receiver.next(500, (response) => void response.destroy(), 408, 503, 429, 200, 502)
  const workspace = await workspaceTelling(hook(receiver))
  const { tell, end, warnings } = await telling(workspace)
  tell(await recorded())
  await vi.waitFor(() => expect(receiver.received).toHaveLength(13), WAIT)
  await end()
  const ids = receiver.received.map(({ headers }) => headers['x-tutti-delivery'])
  expect(ids).toHaveLength(13)
  expect(new Set(ids.slice(0, 6)).size).toBe(1)
  expect(new Set(ids.slice(6, 8)).size).toBe(1)
  expect(receiver.told().slice(5)).toEqual(['session_start', 'task_start', 'task_start', 'task_complete', 'task_start', 'task_failed', 'task_failed', 'session_complete'])
  expect(warnings()).toEqual(['notify.webhook: what happens does not arrive there: it answers 408', 'notify.webhook: it works again'])
  expect(await undelivered(workspace)).toEqual([])
})

it('a receiver that asks to be left alone is left alone, for as long as is reasonable', async () => {
  const receiver = await startReceiver()
  receiver.next((response) => void response.writeHead(429, { 'retry-after': '1' }).end(), (response) => void response.writeHead(503, { 'retry-after': '86400' }).end())
  const { tell, end } = await telling(await workspaceTelling(hook(receiver, { events: ['session_start'] })), { longest_asked_ms: 300 })
  tell((await recorded()).slice(0, 1))
  await vi.waitFor(() => expect(receiver.received).toHaveLength(3), WAIT)
  const [first = 0, second = 0, third = 0] = receiver.received.map(({ at }) => at)
  expect(second - first).toBeGreaterThanOrEqual(295)
  expect(third - second).toBeGreaterThanOrEqual(295)
  await end()
})

it.each([400, 401, 404, 410])('what it refuses with %i is not sent again, and is kept', async (status) => {
  const receiver = await startReceiver()
  receiver.next(status)
  const workspace = await workspaceTelling(hook(receiver))
  const { tell, end, warnings } = await telling(workspace)
  tell(await recorded())
  await end()
  expect(receiver.received).toHaveLength(7)
  expect(await undelivered(workspace)).toMatchObject([{ receiver: 'notify.webhook', why: `it answers ${status}`, tries: 1, notification: { event: 'session_start' } }])
  expect(warnings()).toEqual([
    `notify.webhook: what happens does not arrive there: it answers ${status}`,
    'notify.webhook: it works again',
    '1 notification could not be delivered, and is kept here',
  ])
})

it('a message that is never taken makes way for the next', async () => {
  const receiver = await startReceiver()
  receiver.next(500, 500, 500, 500)
  const workspace = await workspaceTelling(hook(receiver))
  const { tell, end } = await telling(workspace, { most_tries: 4 })
  tell(await recorded())
  await vi.waitFor(() => expect(receiver.received).toHaveLength(10), WAIT)
  await end()
  expect(await undelivered(workspace)).toMatchObject([{ tries: 4, why: 'it answers 500', notification: { event: 'session_start' } }])
})

it('redirects are not followed', async () => {
  const [other, receiver] = [await startReceiver(), await startReceiver()]
  receiver.always((response) => void response.writeHead(307, { location: other.url }).end())
  const workspace = await workspaceTelling(hook(receiver, { events: ['session_start'] }))
  const { tell, end } = await telling(workspace)
  tell(await recorded())
  await end()
  expect(other.received).toEqual([])
  expect(await undelivered(workspace)).toMatchObject([{ why: expect.stringContaining('307, a redirect') }])
})

it('an endless answer is not read, and counts as taken', async () => {
  const receiver = await startReceiver()
  let sent = 0
  const wasCut = new Promise<void>((resolve) => {
    receiver.next((response) => {
      const block = Buffer.alloc(64 * 1024)
      response.writeHead(200).on('close', resolve)
      const write = () => {
        while (sent < 50_000_000 && !response.destroyed) {
          sent += block.length
          if (!response.write(block)) return void response.once('drain', write)
        }
        response.end()
      }
      write()
    })
  })
  const workspace = await workspaceTelling(hook(receiver))
  const { tell, end } = await telling(workspace)
  tell(await recorded())
  await wasCut
  expect(sent).toBeLessThan(20_000_000)
  await end()
  expect(receiver.received).toHaveLength(7)
  expect(await undelivered(workspace)).toEqual([])
})

it('a receiver that never answers is given up after its time, and tried again', async () => {
  const receiver = await startReceiver()
  receiver.next(() => {})
  const { tell, end, warnings } = await telling(await workspaceTelling(hook(receiver, { timeout_s: 0.1 })))
  tell(await recorded())
  await end()
  expect(receiver.received).toHaveLength(8)
  expect(warnings()).toEqual([])
})

it('where nothing listens the run goes on as if nobody were to be told, and what was to be told is kept', async () => {
  const workspace = await workspaceTelling({ webhook: { url: await deadUrl() } })
  const events = await recorded()
  const { tell, end, warnings } = await telling(workspace, { hopeless_after: 2 })
  const begun = performance.now()
  tell(events)
  // Some files and sockets may be opened in the meantime; nothing of it is waited for.
  expect(performance.now() - begun).toBeLessThan(50)
  await vi.waitFor(() => expect(warnings()).toEqual([expect.stringContaining('ECONNREFUSED')]), WAIT)
  await end()
  const lines = await undelivered(workspace)
  expect(lines.map(({ notification }) => notification.event)).toEqual(['session_start', 'task_start', 'task_complete', 'task_start', 'task_failed', 'task_failed', 'session_complete'])
  expect(lines.at(-1)).toMatchObject({ tries: 0, why: expect.stringMatching(/^the run was left before it could be delivered: .*ECONNREFUSED/) })
  expect(warnings().at(-1)).toBe('7 notifications could not be delivered, and are kept here')
})

it('what waits for a dead receiver does not pile up without end: the oldest is written down for each that comes', async () => {
  const workspace = await workspaceTelling({ webhook: { url: await deadUrl() } })
  const { tell, end } = await telling(workspace, { most_waiting: 10, hopeless_after: 0 })
  tell(await recorded(`tasks:\n${Array.from({ length: 20 }, (_, index) => `  - { id: t${index}, command: "true" }\n`).join('')}`))
  await vi.waitFor(async () => expect(await undelivered(workspace)).toHaveLength(42 - 10 - 1), WAIT)
  expect((await undelivered(workspace))[0]).toMatchObject({ tries: 0, why: 'more than 10 messages waited' })
  await end()
  const ids = (await undelivered(workspace)).map(({ notification }) => notification.id)
  expect(new Set(ids).size).toBe(42)
})

it('nothing is told that the log may still lose', async () => {
  const receiver = await startReceiver()
  let flush = () => {}
  const flushed = new Promise<void>((resolve) => (flush = resolve))
  let asked = 0
  const { tell, end } = await telling(await workspaceTelling(hook(receiver)), {}, () => {
    asked += 1
    return flushed
  })
  tell(await recorded())
  await vi.waitFor(() => expect(asked).toBe(1), WAIT)
  expect(receiver.received).toEqual([])
  flush()
  await end()
  expect(receiver.received).toHaveLength(7)
})

it('at the end a receiver that fails at this moment is tried again for a while', async () => {
  const receiver = await startReceiver()
  receiver.next(500, 500, 500)
  const workspace = await workspaceTelling(hook(receiver))
  const { tell, end } = await telling(workspace, { longest_ms: 60_000, first_ms: 30 })
  tell(await recorded())
  await end()
  expect(receiver.received).toHaveLength(10)
  expect(await undelivered(workspace)).toEqual([])
})

it('at the end a receiver that does not answer is waited for no longer than the grace', async () => {
  const receiver = await startReceiver()
  receiver.always(() => {})
  const workspace = await workspaceTelling(hook(receiver))
  const { tell, end, warnings } = await telling(workspace, { grace_ms: 100 })
  tell(await recorded())
  const begun = performance.now()
  await end()
  expect(performance.now() - begun).toBeLessThan(2000)
  expect(await undelivered(workspace)).toHaveLength(7)
  expect(warnings()).toEqual(['7 notifications could not be delivered, and are kept here'])
})

it('a conductor that is killed leaves nothing untold: who takes the run up sends what is missing, and what may have arrived once more', async () => {
  const receiver = await startReceiver()
  const workspace = await workspaceTelling(hook(receiver))
  // The receiver has two messages when the conductor is killed, and is silent from then on.
  receiver.next(200, 200)
  receiver.always(() => {})
  const conductor = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), CONDUCTOR, workspace.dir], { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, HOOK_SECRET: SECRET } })
  onTestFinished(() => void conductor.kill('SIGKILL'))
  await vi.waitFor(() => expect(receiver.received).toHaveLength(3), WAIT)
  const [id = ''] = (await readdir(workspace.runs)).filter((name) => /^\d{8}-/.test(name))
  const folder = runFolder(workspace.runs, id)
  await vi.waitFor(async () => expect(await readFile(folder.events, 'utf8')).toContain('"gate.opened"'), WAIT)
  conductor.kill('SIGKILL')
  await once(conductor, 'exit')
  expect(await undelivered(workspace)).toEqual([])

  receiver.always(200)
  const before = receiver.received.length
  const resumed = await resumeRun(workspace, folder, await replayRun(folder), [], { begin: [{ type: 'approve', task: 'deploy', by: 'ada' }] })
  await resumed.finished
  const notified = receiver.received.slice(before).map(({ body }) => body)
  expect(notified.at(-1)).toMatchObject({ event: 'session_complete', summary: { status: 'succeeded' } })
  const all = new Map(receiver.received.map(({ body }) => [body['id'], body]))
  expect([...all.values()].map(({ event }) => event)).toEqual(['session_start', 'task_start', 'task_complete', 'question', 'session_start', 'task_start', 'task_complete', 'session_complete'])
  // What was to be decided is told as it was then, whatever has become of it.
  expect([...all.values()].find(({ event }) => event === 'question')).toMatchObject({ task: { status: 'held' } })
  const seqs = notified.map(({ seq }) => Number(seq))
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
})

it('what was given up at the end is not sent by whoever takes the run up: it stands where it is not lost', async () => {
  const receiver = await startReceiver()
  const workspace = await workspaceTelling(hook(receiver, { events: ['question'] }))
  const { tell, end, folder } = await telling(workspace, { grace_ms: 50 })
  const events = await recorded('tasks:\n  - { id: deploy, command: "true", requires_approval: true }\n')
  await writeFile(folder.events, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  receiver.always(() => {})
  tell(events)
  await end()
  expect(await undelivered(workspace)).toHaveLength(1)
  receiver.always(200)
  const before = receiver.received.length
  const again = await openNotifier(workspace, folder, { state: (await replayRun(folder)).state, durable: async () => {}, warn: () => {}, pace: QUICK })
  await again.end()
  expect(receiver.received).toHaveLength(before)
})

it('a run in good order is not told of twice when it is taken up', async () => {
  const receiver = await startReceiver()
  const workspace = await workspaceTelling(hook(receiver))
  const first = await run(workspace, 'tasks:\n  - { id: deploy, command: "true", requires_approval: true }\n')
  await first.finished
  expect(receiver.told()).toEqual(['session_start', 'question', 'session_complete'])
  const resumed = await resumeRun(workspace, first.folder, await replayRun(first.folder), [])
  await resumed.finished
  expect(receiver.told().slice(3)).toEqual(['session_start', 'session_complete'])
})

it('a run that nobody was told of before is told of from now on', async () => {
  const receiver = await startReceiver()
  const workspace = await workspaceTelling(hook(receiver))
  const first = await run(await sameFolder(workspace, {}), 'tasks:\n  - { id: deploy, command: "true", requires_approval: true }\n')
  await first.finished
  const resumed = await resumeRun(workspace, first.folder, await replayRun(first.folder), [])
  await resumed.finished
  expect(receiver.told()).toEqual(['session_start', 'session_complete'])
})

it('a secret that is not set sends nothing unsigned: it is said, and what was to be sent is kept', async () => {
  const receiver = await startReceiver()
  const workspace = await workspaceTelling(hook(receiver), {})
  expect(workspace.warnings).toMatchObject([{ file: 'config.json', message: expect.stringContaining('notify.webhook: HOOK_SECRET is not set') }])
  const conducted = await run(workspace)
  await conducted.finished
  expect(receiver.received).toEqual([])
  expect(await undelivered(workspace)).toHaveLength(7)
  expect(conducted.late.map(({ message }) => message)).toEqual([expect.stringContaining('HOOK_SECRET is not set'), expect.stringContaining('7 notifications')])
})

it('neither the secret nor an address that is one gets into a file or a warning', async () => {
  const url = await deadUrl()
  const token = 'a-token-that-is-a-part-of-the-address'
  const workspace = await workspaceTelling({ webhook: { url: '${HOOK_URL}', secret: '${HOOK_SECRET}' } }, { HOOK_SECRET: SECRET, HOOK_URL: `${url}/${token}` })
  // What a program says may hold it: the reason of a failure is told, and nothing of the secret.
  const { tell, end, warnings } = await telling(workspace, { hopeless_after: 0 })
  tell(await recorded(`tasks:\n  - { id: leak, command: "echo error ${SECRET} >&2; exit 1" }\n`))
  await vi.waitFor(() => expect(warnings()).toHaveLength(1), WAIT)
  await end()
  const names = await readdir(workspace.runs, { recursive: true, withFileTypes: true })
  const texts = await Promise.all(names.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')))
  const all = [...texts, ...warnings(), JSON.stringify(workspace.warnings)].join('\n')
  expect(all).toContain('[secret HOOK_SECRET]')
  expect(all).not.toContain(SECRET)
  expect(all).not.toContain(token)
})
