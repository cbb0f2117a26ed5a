import { readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { aConductor, asked, BLOCKED, doorsTo, gateAt, post, WAIT } from './world.ts'

async function world(yaml: string, config: object = {}) {
  const conductor = await aConductor(config)
  const { addresses, problems } = await doorsTo(conductor)
  expect(problems).toEqual([])
  const at = addresses.socket ?? ''
  const run = await conductor.begin(yaml)
  const go = () => writeFile(join(conductor.workspace.dir, 'go'), '')
  const get = async (path: string) => (await asked(at, path)).json
  return { conductor, at, run, go, get }
}

const PLAN = `tasks:
  - { id: slow, command: ${BLOCKED}, title: "The slow one" }
  - { id: gated, command: "true", requires_approval: true }
  - { id: behind, command: "echo done", depends_on: [slow, gated], type: fix }
`

describe('what can be read', () => {
  it('is the run as it stands, its tasks, and what waits for a person', async () => {
    const { run, get, conductor } = await world(PLAN)
    await vi.waitFor(async () => expect((await get('/v1/state')).run.counts).toMatchObject({ running: 1, held: 1, waiting: 1 }), WAIT)
    expect(await get('/v1/state')).toMatchObject({ conductor: { pid: process.pid }, run: { run: run.id, project: conductor.workspace.project, phase: 'open', left: 3 } })
    expect(await get('/v1/tasks')).toMatchObject({ run: run.id, total: 3, tasks: [{ id: 'slow', title: 'The slow one', status: 'running' }, { id: 'gated', status: 'held' }, { id: 'behind', depends_on: ['slow', 'gated'] }] })
    expect((await get('/v1/inbox')).entries).toMatchObject([{ task: 'gated', gate: 'approval' }])
    expect(await get('/v1/tasks/behind')).toMatchObject({ id: 'behind', type: 'fix', waits: 'waits for slow, gated', tries: [], dependents: [] })
    expect((await get('/v1/graph')).tasks).toMatchObject([{ id: 'slow', layer: 1, status: 'running' }, { id: 'gated', layer: 1 }, { id: 'behind', layer: 2, critical: true }])
    expect((await get('/v1/budget')).limits.map(({ limit }: { limit: string }) => limit)).toEqual(['month', 'day', 'project', 'run'])
  })

  it('is a page of tasks, or those that meet a filter', async () => {
    const { get } = await world(PLAN)
    expect(await get('/v1/tasks?offset=1&limit=1')).toMatchObject({ total: 3, tasks: [{ id: 'gated' }] })
    expect(await get('/v1/tasks?filter=type:fix')).toMatchObject({ total: 1, tasks: [{ id: 'behind' }] })
    expect((await get('/v1/tasks?filter=status:nonsense')).error.message).toContain('no status begins with')
    expect((await get(`/v1/tasks?filter=${encodeURIComponent('/(a+)+$/')}`)).error.message).toContain('regular expressions')
  })

  it('is what has happened behind a number, and all runs', async () => {
    const { run, get, go } = await world('tasks:\n  - { id: one, command: "true" }\n')
    await go()
    await run.finished
    const first = await get('/v1/events?limit=3')
    expect(first.events.map(({ seq }: { seq: number }) => seq)).toEqual([1, 2, 3])
    const rest = await get(`/v1/events?since=${first.next}&run=${run.id}`)
    expect(rest.events.at(-1).type).toBe('run.closed')
    expect(rest.next).toBe(run.handle.state.seq)
    expect(await get('/v1/runs')).toMatchObject({ total: 1, runs: [{ job_id: run.id, status: 'succeeded' }] })
    expect(await get(`/v1/runs/${run.id}`)).toMatchObject({ tasks: [{ id: 'one', status: 'complete' }] })
    expect((await get('/v1/runs/20200101-000000-0000')).error.code).toBe('no_run')
  })

  it('is the log of a task in parts that never cut a character in two', async () => {
    const { run, get } = await world('tasks:\n  - { id: talk, command: "printf \'häßlich €5\'" }\n')
    await run.finished
    let text = ''
    let next = 0
    for (let over = false; !over; ) {
      const page = await get(`/v1/tasks/talk/log?offset=${next}&limit=4`)
      expect(page.next).toBeGreaterThan(next)
      expect(Buffer.byteLength(page.text)).toBe(page.next - next)
      text += page.text
      next = page.next
      over = page.over
    }
    expect(text).toBe('häßlich €5')
    expect((await get('/v1/tasks/talk/log?attempt=7')).error.code).toBe('no_attempt')
  })

  it('is nothing yet before the first run', async () => {
    const conductor = await aConductor()
    const at = (await doorsTo(conductor)).addresses.socket ?? ''
    expect((await asked(at, '/v1/state')).json.run).toBeNull()
    expect((await asked(at, '/v1/tasks')).json).toEqual({ run: null, tasks: [], total: 0 })
    expect((await asked(at, '/v1/events')).json).toEqual({ run: null, events: [], next: 0 })
    expect((await asked(at, '/v1/budget')).json.limits.length).toBeGreaterThan(0)
    expect(await post(at, '/v1/wishes/pause')).toMatchObject({ status: 409, json: { error: { code: 'no_run' } } })
  })

  it('is numbers for Prometheus, each line in its format', async () => {
    const { at, run } = await world(PLAN, { budget: { daily_usd: 5 } })
    await vi.waitFor(() => expect(run.handle.state.counts).toMatchObject({ running: 1, held: 1 }), WAIT)
    const { text, headers } = await asked(at, '/metrics')
    expect(headers['content-type']).toContain('version=0.0.4')
    for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) tutti_\w+ .+|tutti_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? -?\d+)$/)
    expect(text).toContain('tutti_tasks{status="running"} 1\n')
    expect(text).toContain('tutti_gates_open 1\n')
    expect(text).toContain('tutti_attempts_running{provider="command"} 1\n')
    expect(text).toContain('tutti_limit_micro_usd{limit="day"} 5000000\n')
    expect((await asked(at, '/metrics')).text).toContain('tutti_http_requests_total{status="2xx"} 1\n')
  })

  it('is a document of all endpoints that says what each takes', async () => {
    const { get } = await world(PLAN)
    const document = await get('/v1/openapi.json')
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/v1/state', '/v1/tasks/{task}', '/v1/events/stream', '/v1/wishes/approve', '/v1/wishes/send-back', '/v1/stop', '/webhook/command']))
    expect(document.paths['/v1/wishes/send-back'].post.requestBody.content['application/json'].schema.required).toEqual(['task', 'comment'])
  })
})

describe('what can be wanted', () => {
  it('is carried out, and answered with what it has caused, on disk by then', async () => {
    const { at, run, go, get } = await world(PLAN)
    await vi.waitFor(() => expect(run.handle.state.counts.held).toBe(1), WAIT)
    const { status, json } = await post(at, '/v1/wishes/approve', await gateAt(at, 'gated'), { 'x-tutti-by': encodeURIComponent('Jörg\u001b[31m') })
    expect(status).toBe(200)
    expect(json.events).toMatchObject([{ type: 'gate.answered', task: 'gated', by: 'Jörg', door: 'http' }])
    expect((await get(`/v1/events?since=${json.events[0].seq - 1}&limit=1`)).events).toEqual([json.events[0]])
    await go()
    expect((await run.finished).phase).toMatchObject({ status: 'succeeded' })
  })

  it('is refused where an answer does not name what it answers: something else may wait there by now', async () => {
    const { at, run } = await world(PLAN)
    await vi.waitFor(() => expect(run.handle.state.counts.held).toBe(1), WAIT)
    const approval = await gateAt(at, 'gated')
    for (const unnamed of [{ task: 'gated' }, { ...approval, gate: undefined }, { ...approval, shown: undefined }]) {
      expect(await post(at, '/v1/wishes/approve', unnamed)).toMatchObject({ status: 400, json: { error: { code: 'gate_not_named', message: expect.stringContaining('/v1/inbox') } } })
    }
    expect(await post(at, '/v1/wishes/approve', { ...approval, shown: 'something else' })).toMatchObject({ status: 409 })
    expect((await post(at, '/v1/wishes/approve', approval)).status).toBe(200)
  })

  it('is done once under one key, and told again', async () => {
    const { at, run } = await world(PLAN)
    await vi.waitFor(() => expect(run.handle.state.counts.held).toBe(1), WAIT)
    const headers = { 'idempotency-key': 'k-1' }
    const approval = await gateAt(at, 'gated')
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(at, '/v1/wishes/approve', approval, headers)))
    const [first] = answers.filter(({ json }) => json.before === undefined)
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200))
    expect(answers.filter(({ json }) => json.before === undefined)).toHaveLength(1)
    for (const { json } of answers) expect(json.events).toEqual(first?.json.events)
    const again = await post(at, '/v1/wishes/approve', approval, { ...headers, 'x-tutti-by': 'somebody-else' })
    expect(again.status).toBe(409)
  })

  it('is not taken for another that came under the same key, and is not done then', async () => {
    const { at, run } = await world(PLAN)
    await vi.waitFor(() => expect(run.handle.state.counts.held).toBe(1), WAIT)
    const headers = { 'idempotency-key': 'k-1' }
    expect(await post(at, '/v1/wishes/pause', { task: 'gated' }, headers)).toMatchObject({ status: 200 })
    expect(await post(at, '/v1/wishes/approve', await gateAt(at, 'gated'), headers)).toMatchObject({ status: 409, json: { error: { code: 'key_reused' } } })
    expect(await post(at, '/v1/tasks', { files: [{ name: 'more.md', content: 'More.' }] }, headers)).toMatchObject({ status: 409, json: { error: { code: 'key_reused' } } })
    // What came to nothing may come again, mended.
    const other = { 'idempotency-key': 'k-2' }
    expect((await post(at, '/v1/wishes/approve', { task: 'nobody' }, other)).status).toBe(404)
    expect((await post(at, '/v1/wishes/prioritize', { task: 'gated', priority: 'high' }, other)).status).toBe(200)
  })

  it('is refused with the reason, and a task that is not there is not found', async () => {
    const { at } = await world(PLAN)
    expect(await post(at, '/v1/wishes/approve', { task: 'slow' })).toMatchObject({ status: 409, json: { error: { code: 'refused', problems: [{ message: expect.any(String) }] } } })
    expect(await post(at, '/v1/wishes/approve', { task: 'nobody' })).toMatchObject({ status: 404, json: { error: { code: 'no_task' } } })
    expect(await post(at, '/v1/wishes/approve', { task: 'gated', coment: 'x' })).toMatchObject({ status: 400, json: { error: { code: 'invalid', message: expect.stringContaining('coment') } } })
    expect(await post(at, '/v1/wishes/dance', {})).toMatchObject({ status: 404 })
  })

  it('is that the conductor leaves', async () => {
    const { at, conductor } = await world(PLAN)
    expect(await post(at, '/v1/stop', { how: 'drain' }, { 'x-tutti-by': 'ada' })).toMatchObject({ status: 202, json: { stopping: 'drain' } })
    expect(conductor.stopped).toEqual([{ how: 'drain', by: 'stopped by ada' }])
  })
})

describe('tasks that are handed in', () => {
  const file = (name: string, content = '---\ncommand: "true"\n---\n') => ({ files: [{ name, content }] })

  it('are put where files are dropped, and begin a run', async () => {
    const conductor = await aConductor()
    const at = (await doorsTo(conductor)).addresses.socket ?? ''
    expect((await post(at, '/v1/tasks', file('first.md'))).status).toBe(200)
    expect((await conductor.run?.finished)?.counts.complete).toBe(1)
    expect(await readdir(join(conductor.workspace.tasks, 'completed'))).toEqual(['first.md'])
  })

  it('do not stay where they are refused, and write over nothing', async () => {
    const { at, conductor } = await world(PLAN)
    const pending = join(conductor.workspace.tasks, 'pending')
    const refused = await post(at, '/v1/tasks', file('broken.md', '---\ndepends_on: [nobody]\n---\nGo.\n'))
    expect(refused).toMatchObject({ status: 409, json: { error: { code: 'refused' } } })
    expect(refused.text).not.toContain(conductor.workspace.dir)
    expect(await readdir(pending)).toEqual([])
    await writeFile(join(pending, 'mine.md'), 'mine')
    expect(await post(at, '/v1/tasks', file('mine.md'))).toMatchObject({ status: 409 })
    expect(await readdir(pending)).toEqual(['mine.md'])
  })

  it.each(['../out.md', '/etc/out.md', 'a/b.md', '..', '.hidden.md', 'a\u0000.md', 'a\\b.md', 'noextension', 'a.exe', `${'a'.repeat(120)}.md`, '~home.md', ''])('are refused by the name %j', async (name) => {
    const conductor = await aConductor()
    const at = (await doorsTo(conductor)).addresses.socket ?? ''
    expect((await post(at, '/v1/tasks', file(name))).status).toBe(409)
    await expect(stat(join(conductor.workspace.tasks, 'pending'))).rejects.toThrow('ENOENT')
  })

  it('are taken once under one key', async () => {
    const conductor = await aConductor()
    const at = (await doorsTo(conductor)).addresses.socket ?? ''
    const both = await Promise.all([1, 2].map(() => post(at, '/v1/tasks', file('once.md'), { 'idempotency-key': 'k' })))
    expect(both.map(({ status }) => status)).toEqual([200, 200])
    await conductor.run?.finished
    expect(await readdir(conductor.workspace.runs).then((names) => names.filter((name) => /^\d{8}/.test(name)))).toHaveLength(1)
  })

  it('are taken by their paths over the Unix socket', async () => {
    const conductor = await aConductor()
    const at = (await doorsTo(conductor)).addresses.socket ?? ''
    const path = join(conductor.workspace.dir, 'elsewhere.yaml')
    await writeFile(path, 'tasks:\n  - { id: a, command: "true" }\n')
    expect((await post(at, '/v1/tasks', { paths: [path] })).status).toBe(200)
    expect(await post(at, '/v1/tasks', { paths: ['elsewhere.yaml'] })).toMatchObject({ status: 400 })
    await conductor.run?.finished
  })
})
