import { request } from 'node:http'
import { createHmac } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import type { Caller } from '../../src/core/caller.ts'
import { aConductor, aGatekeeper, asked, BLOCKED, doorsTo, gateAt, post, SECRET, WAIT } from './world.ts'

const CALLERS: Record<string, Caller> = {
  look: { who: 'vera', role: 'viewer', grant: '1' },
  steer: { who: 'otto', role: 'operator', grant: '2' },
  other: { who: 'nora', role: 'operator', projects: ['another'], grant: '3' },
  root: { who: 'ada', role: 'admin', grant: '4' },
}
const as = (token: string) => ({ authorization: `Bearer ${token}` })
const PLAN = `tasks:\n  - { id: slow, command: ${BLOCKED} }\n  - { id: gated, command: "true", requires_approval: true }\n`

async function world(remote: object = {}, webhooks?: number) {
  const conductor = await aConductor({ project: 'one', remote })
  const gatekeeper = aGatekeeper(CALLERS, webhooks)
  const { addresses, problems } = await doorsTo(conductor, { listen: '127.0.0.1:0', gatekeeper })
  const run = await conductor.begin(PLAN)
  await vi.waitFor(() => expect(run.handle.state.counts).toMatchObject({ running: 1, held: 1 }), WAIT)
  return { conductor, gatekeeper, problems, run, at: addresses.http ?? '', socket: addresses.socket ?? '' }
}

describe('over TCP', () => {
  it('nobody gets in without a token, and each as far as its role goes', async () => {
    const { at, run, conductor } = await world()
    expect(await asked(at, '/v1/state')).toMatchObject({ status: 401, json: { error: { code: 'missing' } }, headers: { 'www-authenticate': 'Bearer' } })
    expect(await asked(at, '/metrics')).toMatchObject({ status: 401 })
    expect((await asked(at, '/v1/state', { headers: as('look') })).json.run.run).toBe(run.id)
    expect(await post(at, '/v1/wishes/approve', { task: 'gated' }, as('look'))).toMatchObject({ status: 403, json: { error: { code: 'not_allowed' } } })
    expect(await asked(at, '/v1/state', { headers: as('other') })).toMatchObject({ status: 403 })
    expect((await asked(at, '/v1/runs', { headers: as('other') })).json.runs).toEqual([])
    expect(await post(at, '/v1/stop', { how: 'now' }, as('steer'))).toMatchObject({ status: 403 })
    const { json } = await post(at, '/v1/wishes/approve', await gateAt(at, 'gated', as('steer')), { ...as('steer'), 'x-tutti-by': 'ada' })
    expect(json.events).toMatchObject([{ type: 'gate.answered', by: 'otto' }])
    expect(await post(at, '/v1/stop', { how: 'now' }, as('root'))).toMatchObject({ status: 202 })
    expect(conductor.stopped).toEqual([{ how: 'now', by: 'stopped by ada' }])
    expect(await post(at, '/v1/tasks', { paths: ['/etc/passwd'] }, as('root'))).toMatchObject({ status: 403 })
  })

  it('users log in with a password, and are told how long to wait', async () => {
    const { at, socket } = await world()
    expect(await post(at, '/auth/login', { user: 'otto', password: 'right' })).toMatchObject({ status: 200, json: { access: { token: 't' } } })
    expect(await post(at, '/auth/login', { user: 'otto', password: 'wrong' })).toMatchObject({ status: 429, headers: { 'retry-after': '7' } })
    expect(await post(at, '/auth/refresh', { refresh_token: 'x' })).toMatchObject({ status: 401, json: { error: { code: 'expired' } } })
    expect(await post(socket, '/auth/login', { user: 'otto', password: 'right' })).toMatchObject({ status: 404 })
  })

  it('a page in a browser does not get there: not by a name of its own, not from its origin, not with a form', async () => {
    const { at } = await world({ cors: ['https://dash.example.org'] })
    const path = '/v1/wishes/approve'
    expect(await asked(at, '/v1/state', { headers: { ...as('look'), host: 'evil.example.org:5200' } })).toMatchObject({ status: 403, json: { error: { code: 'wrong_host' } } })
    expect(await asked(at, '/healthz', { headers: { origin: 'https://evil.example.org' } })).toMatchObject({ status: 403, json: { error: { code: 'wrong_origin' } } })
    expect(await asked(at, '/healthz', { headers: { origin: 'null' } })).toMatchObject({ status: 403 })
    expect(await asked(at, path, { method: 'POST', body: '{"task":"gated"}', headers: { ...as('steer'), 'content-type': 'text/plain' } })).toMatchObject({ status: 415 })
    const listed = await asked(at, '/v1/state', { headers: { ...as('look'), origin: 'https://dash.example.org' } })
    expect(listed).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': 'https://dash.example.org' } })
    const preflight = await asked(at, path, { method: 'OPTIONS', headers: { origin: 'https://dash.example.org', 'access-control-request-method': 'POST' } })
    expect(preflight).toMatchObject({ status: 204, headers: { 'access-control-allow-origin': 'https://dash.example.org' } })
    const closed = await world()
    expect((await asked(closed.at, '/healthz', { headers: { host: '127.0.0.1' } })).headers['access-control-allow-origin']).toBeUndefined()
  })

  it('there is no door without a gatekeeper, and one that cannot be opened is told', async () => {
    const conductor = await aConductor()
    expect(await doorsTo(conductor, { listen: '127.0.0.1:0' })).toMatchObject({ addresses: { socket: expect.any(String) }, problems: [{ message: expect.stringContaining('nobody could be let in') }] })
    const gatekeeper = aGatekeeper()
    const first = await doorsTo(conductor, { listen: '127.0.0.1:0', gatekeeper })
    const taken = await doorsTo(conductor, { listen: new URL(first.addresses.http ?? '').host, gatekeeper })
    expect(taken).toMatchObject({ addresses: { socket: expect.any(String) }, problems: [{ message: expect.stringContaining('another program listens there') }] })
    expect((await doorsTo(conductor, { listen: 'nonsense', gatekeeper })).problems).toMatchObject([{ message: expect.stringContaining('has to be an address and a port') }])
  })

  it('a stream ends when its token is taken back', async () => {
    const { at, gatekeeper } = await world()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'], shouldAdvanceTime: true, advanceTimeDelta: 20 })
    try {
      const { host } = new URL(at)
      const ended = new Promise<string>((resolve, reject) => {
        const asking = request(`http://${host}/v1/events/stream?since=now`, { headers: as('look'), agent: false }, (answer) => {
          let text = ''
          answer.on('data', (piece: Buffer) => (text += piece.toString()))
          answer.on('end', () => resolve(text))
          answer.once('data', () => gatekeeper.revoked.add('look'))
        })
        asking.on('error', reject)
        asking.end()
      })
      await vi.waitFor(() => expect(gatekeeper.revoked.has('look')).toBe(true), WAIT)
      await vi.advanceTimersByTimeAsync(16_000)
      expect(await ended).toContain('retry:')
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('the webhook door', () => {
  const open = (webhooks?: number) => world({ webhook_secret: '${WEBHOOK_SECRET}' }, webhooks)
  const command = (name: string, params?: object) => ({ command: name, secret: SECRET, ...(params === undefined ? {} : { params }) })

  it('is not there without a secret, nor on the Unix socket', async () => {
    const { at } = await world()
    for (const path of ['/webhook/command', '/webhook/status']) expect(await post(at, path, command('status'))).toMatchObject({ status: 404 })
    expect(await asked(at, '/health')).toMatchObject({ status: 404 })
    const opened = await open()
    expect(await post(opened.socket, '/webhook/status', { secret: SECRET })).toMatchObject({ status: 404 })
    expect(await asked(opened.at, '/health')).toMatchObject({ status: 200, json: { ok: true } })
  })

  it('stays shut where its secret is not set, and says so', async () => {
    const { at, problems } = await world({ webhook_secret: '${NOBODY_SET_THIS}' })
    expect(problems).toMatchObject([{ file: 'config.json', message: expect.stringContaining('${NOBODY_SET_THIS} is not set; the webhook door stays shut') }])
    expect(await post(at, '/webhook/status', { secret: '' })).toMatchObject({ status: 404 })
  })

  it('takes each command, and answers with a sentence', async () => {
    const { at, run } = await open()
    const say = async (name: string, params?: object) => (await post(at, '/webhook/command', command(name, params))).json
    expect(await say('status')).toMatchObject({ ok: true, message: `run ${run.id.slice(-4)} open: 1 running, 1 held`, run: run.id })
    expect((await post(at, '/webhook/status', { secret: SECRET })).json).toMatchObject({ ok: true, run: run.id })
    expect(await say('pause')).toMatchObject({ ok: true })
    expect(run.handle.state.paused).toBe('webhook')
    expect(await say('resume')).toMatchObject({ ok: true, message: 'the run goes on' })
    expect(await say('logs', { task: 'gated' })).toMatchObject({ ok: true, message: 'gated has not started' })
    expect(await say('approve', { task: 'gated' })).toEqual({ ok: true, message: 'approved gated' })
    expect(await say('start', { content: '---\nid: hello\ncommand: "echo hello"\n---\n' })).toMatchObject({ ok: true })
    await vi.waitFor(() => expect(run.handle.state.tasks.get('hello')?.state.status).toBe('complete'), WAIT)
    expect(await say('logs', { task: 'hello', bytes: 3 })).toMatchObject({ ok: true, text: 'lo\n' })
    expect(await say('skip', { task: 'slow' })).toMatchObject({ ok: true })
    expect((await run.finished).phase).toMatchObject({ status: 'succeeded' })
    expect(await say('start', { file: '../../etc/passwd.md' })).toMatchObject({ error: { code: 'refused' } })
    expect(await say('dance')).toMatchObject({ error: { code: 'invalid' } })
    expect((await say('start', { name: 'x' })).error.message).toMatch(/params: .*file: .*, or .*content: /)
  })

  it('turns a wrong secret away before it looks at anything else, and after a few of them the caller', async () => {
    const { at } = await open(3)
    for (const secret of ['', 'wrong', `${SECRET}x`]) {
      const { status, text } = await post(at, '/webhook/command', { command: 'dance', secret })
      expect({ status, text }).toEqual({ status: 401, text: '{"error":{"code":"wrong_secret","message":"the secret is not right"}}' })
    }
    expect(await post(at, '/webhook/command', { command: 'status', secret: 'again' })).toMatchObject({ status: 429, headers: { 'retry-after': '60' } })
  })

  it('carries out what has a nonce once, and nothing that is old', async () => {
    const { at, run } = await open()
    const timestamp = Date.now() / 1000
    const once = { ...command('pause'), timestamp, nonce: 'n-00000001' }
    expect(await post(at, '/webhook/command', once)).toMatchObject({ status: 200 })
    expect(await post(at, '/webhook/command', once)).toMatchObject({ status: 401, json: { error: { code: 'replayed_secret' } } })
    expect(await post(at, '/webhook/command', { ...once, nonce: 'n-00000002', timestamp: timestamp - 301 })).toMatchObject({ status: 401, json: { error: { code: 'stale_secret' } } })
    expect(run.handle.state.paused).toBe('webhook')
  })

  it('takes a signature in the place of the secret, and then nothing can be repeated or changed', async () => {
    const { at } = await open()
    const body = JSON.stringify({ command: 'status', timestamp: Date.now() / 1000, nonce: 'n-00000001' })
    const signed = { 'x-tutti-signature': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}` }
    expect(await post(at, '/webhook/command', body.replace('status', 'pause'), signed)).toMatchObject({ status: 401, json: { error: { code: 'wrong_secret' } } })
    expect(await post(at, '/webhook/command', body, signed)).toMatchObject({ status: 200 })
    expect(await post(at, '/webhook/command', body, signed)).toMatchObject({ status: 401, json: { error: { code: 'replayed_secret' } } })
    const bare = JSON.stringify({ command: 'status' })
    expect(await post(at, '/webhook/command', bare, { 'x-tutti-signature': `sha256=${createHmac('sha256', SECRET).update(bare).digest('hex')}` })).toMatchObject({ status: 401, json: { error: { code: 'stale_secret' } } })
  })

  it('takes no secret at all where it has to be signed with', async () => {
    const { at, run } = await world({ webhook_secret: '${WEBHOOK_SECRET}', webhook_signed: true })
    expect(await post(at, '/webhook/command', command('pause'))).toMatchObject({ status: 401, json: { error: { code: 'unsigned_secret', message: expect.stringContaining('x-tutti-signature') } } })
    expect(await post(at, '/webhook/command', { ...command('pause'), timestamp: Date.now() / 1000, nonce: 'n-00000001' })).toMatchObject({ status: 401 })
    expect(run.handle.state.paused).toBe(undefined)
    const body = JSON.stringify({ command: 'pause', timestamp: Date.now() / 1000, nonce: 'n-00000001' })
    expect(await post(at, '/webhook/command', body, { 'x-tutti-signature': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}` })).toMatchObject({ status: 200 })
  })
})
