import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import { openPlace } from '../place.ts'
import { mutated } from './mutated.ts'

const SECRET = 'a-secret-of-the-webhook-door'
/** A case that takes longer, in ms, is tried again a little later: only what hangs hangs again. */
const HANGS_MS = 1000
const TRIES = 4

/** No task among these is a command: whatever becomes of them, nothing but a rehearsal is run. */
const BODIES = [
  '{"type": "approve", "task": "a", "gate": "g12", "shown": "abc"}',
  '{"type": "answer", "task": "a", "answers": ["x"], "gate": "g1", "shown": "y"}',
  '{"type": "prioritize", "task": "a", "priority": "p1"}',
  '{"files": [{"name": "a.md", "content": "---\\nprovider: rehearsal\\n---\\nSay something."}]}',
  '{"budget": {"daily_usd": 5}}',
  '{"username": "a", "password": "b"}',
  '{"refresh_token": "abc"}',
]
const COMMANDS = ['{"secret": "S", "command": "status"}', '{"secret": "S", "command": "approve", "params": {"task": "a"}}', '{"secret": "S", "timestamp": 1, "nonce": "12345678", "command": "logs", "params": {"task": "a", "bytes": 2000}}', '{"secret": "S", "command": "start", "params": {"content": "Say something.", "name": "x.md"}}'].map((text) => text.replace('"S"', JSON.stringify(SECRET)))
const PATHS = ['/v1/tasks/a/log?from=0', '/v1/runs/last', '/v1/events?after=0&limit=9', '/v1/../../etc/passwd', '/webhook/command', '//', '/v1/openapi.json']
const RAW = [
  'GET /v1/state HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  'POST /v1/wishes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 24\r\nConnection: close\r\n\r\n{"type": "approve-all"}\n',
  'POST /v1/tasks HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n5\r\n{"a":\r\n2\r\n1}\r\n0\r\n\r\n',
  'GET /v1/events/stream HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 20261120-120000-0000:12\r\nConnection: close\r\n\r\n',
]

type Asked = { path: string; method: string; body: Buffer | undefined; headers: Record<string, string> }
type Where = { socketPath: string } | { host: string; port: number }

/** Asks a conductor for everything, rightly and wrongly. It answers each, and is there afterwards. @returns how many cases there were */
export async function doorsHold(dir: string, seed: number, cases: number): Promise<number> {
  const place = await openPlace(`${dir}/w`)
  try {
    const config = { project: 'p', providers: { rehearsal: { type: 'rehearsal', latency_ms: 1 } }, remote: { webhook_secret: '${WEBHOOK_SECRET}', requests_per_minute: 1_000_000, max_body_bytes: 20_000 } }
    await place.write('config.json', JSON.stringify(config))
    await place.write('../canary', 'alive')
    const port = await freePort()
    const program = place.start(['up', '--listen', `127.0.0.1:${port}`], { WEBHOOK_SECRET: SECRET })
    let ended: string | undefined
    program.ended.then(({ all, code }) => (ended = `${code}\n${all}`), (error: unknown) => (ended = String(error)))
    const socket = { socketPath: place.at('runs/control.sock') }
    const tcp = { host: '127.0.0.1', port }
    while (!(await isThere(socket))) {
      if (ended !== undefined) throw new Error(`the conductor has not begun: ${ended}`)
      await pause(50)
    }
    const endpoints = await endpointsOf(socket)
    const path = fc.oneof(fc.constantFrom(...PATHS), mutated(PATHS).map((bytes) => `/${encodeURI(bytes.toString('latin1').replace(/^\//, ''))}`))
    const body = fc.option(fc.oneof(mutated(BODIES), mutated(COMMANDS), fc.constant(Buffer.from('[]'.repeat(20_000)))), { nil: undefined })
    const id = mutated(['20261120-120000-0000:12', '-1', '0', '99999999999999999999']).map((bytes) => bytes.toString('latin1').replaceAll(/[^\t\u0020-\u007e\u0080-\u00ff]/g, ''))
    const headers = fc.record({ 'content-type': fc.constantFrom('application/json', 'text/plain', 'application/json; charset=x'), 'last-event-id': id, 'idempotency-key': id, authorization: id.map((text) => `Bearer ${text}`) }, { requiredKeys: [] })
    const endpoint = fc.constantFrom(...endpoints).chain((endpoint) => id.map((text) => ({ ...endpoint, path: endpoint.path.replaceAll(/\{\w+\}/g, encodeURIComponent(text)) })))
    const right: fc.Arbitrary<Asked> = fc.record({ endpoint: endpoint, body: fc.oneof(mutated(BODIES), mutated(COMMANDS)), headers }).map(({ endpoint, body: text, headers: more }) => ({ ...endpoint, body: endpoint.method === 'GET' ? undefined : text, headers: { ...more, 'content-type': 'application/json' } }))
    const anything: fc.Arbitrary<Asked> = fc.record({ path, method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'), body, headers })
    const asked = fc.oneof(right, right, right, anything)
    const seen = new Map<number, number>()
    const isWanted = ({ path: at }: Asked) => !at.includes('/stop')
    await fc.assert(
      fc.asyncProperty(asked.filter(isWanted), fc.boolean(), async (given, isTcp) => {
        const status = await inTime(() => answered(isTcp ? tcp : socket, given))
        seen.set(status, (seen.get(status) ?? 0) + 1)
        assert.ok(status < 500, `it answers ${status}`)
        if (isTcp && given.path.startsWith('/v1/') && given.path !== '/v1/openapi.json') assert.notEqual(status, 200, 'nobody was let in, and it answers')
      }),
      { seed, numRuns: cases },
    )
    await fc.assert(
      fc.asyncProperty(mutated(RAW), fc.boolean(), async (bytes, isTcp) => {
        if (bytes.includes('/stop')) return
        await inTime(() => sent(isTcp ? tcp : socket, bytes))
      }),
      { seed, numRuns: cases },
    )
    assert.ok(await isThere(socket), `it does not answer any more; ${ended ?? 'it still runs'}`)
    assert.equal(ended, undefined, 'the conductor has ended')
    program.kill('SIGTERM')
    const { code, all } = await program.ended
    assert.equal(code, 143, all)
    assert.doesNotMatch(all, /\n\s+at .*(file|node):/)
    assert.equal(await place.read('../canary'), 'alive')
    assert.deepEqual(await place.list('..'), ['canary', 'w'])
    // Requests that nobody looks into would show nothing.
    for (const status of [200, 400, 401, 404]) assert.ok(seen.has(status), `no answer was ${status}: ${JSON.stringify([...seen])}`)
    return 2 * cases
  } finally {
    await place.end()
  }
}

/** What the conductor says that it can be asked for, but for its end. */
async function endpointsOf(where: Where): Promise<{ path: string; method: string }[]> {
  const text = await new Promise<string>((resolve, reject) => {
    let all = ''
    request({ ...where, path: '/v1/openapi.json', agent: false }, (answer) => void answer.setEncoding('utf8').on('data', (piece: string) => (all += piece)).on('end', () => resolve(all))).on('error', reject).end()
  })
  const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, unknown>> }
  return Object.entries(paths).flatMap(([path, methods]) => (path.includes('/stop') ? [] : Object.keys(methods).map((method) => ({ path, method: method.toUpperCase() }))))
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Does it, and again where it took too long. */
async function inTime<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    const begun = performance.now()
    const result = await work()
    const took = performance.now() - begun
    if (took < HANGS_MS) return result
    if (tries < TRIES) await pause(1000 * tries)
    else throw new Error(`it took ${Math.round(took)} ms, ${TRIES} times`)
  }
}

async function isThere(where: Where): Promise<boolean> {
  return answered(where, { path: '/healthz', method: 'GET', body: undefined, headers: {} }).then(
    (status) => status === 200,
    () => false,
  )
}

/** Resolves with the status once the answer is there, or its first words where it is a stream. */
function answered(where: Where, { path, method, body, headers }: Asked): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = request({ ...where, path, method, agent: false, headers: { connection: 'close', ...headers, ...(body === undefined ? {} : { 'content-length': body.length }) } }, (answer) => {
      const status = answer.statusCode ?? 0
      const done = () => {
        asking.destroy()
        resolve(status)
      }
      answer.on('error', done).on('end', done).on('close', done)
      if (answer.headers['content-type']?.startsWith('text/event-stream') === true) answer.once('data', done)
      else answer.resume()
    })
    // One that says no to a body before it has all of it closes the line.
    asking.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EPIPE' || error.code === 'ECONNRESET' ? resolve(0) : reject(error)))
    asking.end(body)
  })
}

/** Sends bytes and ends; resolves when the other side has closed, or has begun a stream. */
function sent(where: Where, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const line = 'socketPath' in where ? connect(where.socketPath) : connect(where.port, where.host)
    line.on('data', () => {
      line.destroy()
    })
    line.on('error', () => {}).on('close', () => resolve())
    line.end(bytes)
  })
}
