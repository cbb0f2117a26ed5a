import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { createHttpServer, shut } from '../../src/remote/http-server.ts'
import { tempDir } from '../temp-dir.ts'
import { aConductor, asked, BLOCKED, doorsTo, post, WAIT } from './world.ts'

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

describe('the Unix socket', () => {
  it('is its owner\'s alone, in the place of one that a dead conductor left, and gone when it is shut', async () => {
    const conductor = await aConductor()
    const path = join(conductor.workspace.runs, 'control.sock')
    const left = spawnSync(process.execPath, ['-e', `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`])
    expect(left.signal).toBe('SIGKILL')
    expect(existsSync(path)).toBe(true)
    const control = await doorsTo(conductor)
    expect(control).toMatchObject({ addresses: { socket: path }, problems: [] })
    expect(modeOf(path)).toBe('600')
    expect((await asked(path, '/healthz')).json).toEqual({ ok: true })
    expect(await readdir(conductor.workspace.runs)).toEqual(['control.sock'])
    await control.close()
    expect(await readdir(conductor.workspace.runs)).toEqual([])
  })

  it('belongs to the conductor that came last: the one before leaves it alone when it goes', async () => {
    const conductor = await aConductor()
    const first = await doorsTo(conductor)
    const { addresses } = await doorsTo(await aConductor({}, conductor.workspace.dir))
    await first.close()
    expect((await asked(addresses.socket ?? '', '/healthz')).status).toBe(200)
  })

  it('lies elsewhere where the workspace lies too deep, and a note says where', async () => {
    const dir = join(await tempDir(), 'deep'.repeat(25))
    await mkdir(dir)
    const conductor = await aConductor({}, dir)
    const control = await doorsTo(conductor)
    const { socket = '' } = control.addresses
    expect(control.problems).toEqual([])
    expect(Buffer.byteLength(socket)).toBeLessThan(104)
    expect(modeOf(socket)).toBe('600')
    const note = join(conductor.workspace.runs, 'control.json')
    expect(JSON.parse(await readFile(note, 'utf8'))).toEqual({ socket, pid: process.pid })
    expect(modeOf(note)).toBe('600')
    expect((await asked(socket, '/healthz')).status).toBe(200)
    await control.close()
    expect([existsSync(socket), existsSync(note)]).toEqual([false, false])
  })

  it('that cannot be opened is told, and the run goes on', async () => {
    const conductor = await aConductor()
    await mkdir(join(conductor.workspace.runs, 'control.sock', 'in-the-way'), { recursive: true })
    const control = await doorsTo(conductor)
    expect(control).toMatchObject({ addresses: {}, problems: [{ file: 'runs/control.sock', message: expect.stringContaining('the run goes on') }] })
    expect((await (await conductor.begin('tasks:\n  - { id: a, command: "true" }\n')).finished).phase).toMatchObject({ status: 'succeeded' })
  })

  it('is opened without loading what answers', async () => {
    const script = `
      const { openControl } = await import('./src/remote/open-control.ts')
      const { openWorkspace } = await import('./src/app/workspace.ts')
      const workspace = await openWorkspace(process.argv[1], {}, {})
      const { get } = await import('node:http')
      const control = await openControl({ workspace, run: undefined, onRun: () => () => {} }, {})
      const { Session } = await import('node:inspector')
      const parsed = []
      const session = new Session()
      session.connect()
      session.on('Debugger.scriptParsed', ({ params }) => parsed.push(params.url))
      session.post('Debugger.enable')
      const loaded = () => parsed.some((url) => /remote.api.ts|node_modules.hono/.test(url))
      const before = loaded()
      await new Promise((resolve) => get({ socketPath: control.addresses.socket, path: '/healthz', agent: false }, (answer) => answer.resume().on('end', resolve)))
      console.log(JSON.stringify([before, loaded()]))
      await control.close()
    `
    const { workspace } = await aConductor()
    const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, workspace.dir], { encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual([false, true])
  })

  it('is shut with streams open, and what is being answered is answered', async () => {
    const conductor = await aConductor()
    const control = await doorsTo(conductor)
    const { socket = '' } = control.addresses
    await conductor.begin(`tasks:\n  - { id: slow, command: ${BLOCKED} }\n`)
    const streams = Array.from({ length: 3 }, () => asked(socket, '/v1/events/stream'))
    const answers = Array.from({ length: 3 }, () => asked(socket, '/v1/state'))
    await answers[0]
    const begun = performance.now()
    await control.close()
    expect(performance.now() - begun).toBeLessThan(1_500)
    for (const { status } of await Promise.all([...streams, ...answers])) expect(status).toBe(200)
  })
})

describe('hostile clients', () => {
  /** The run that they must not harm: it is asked for, and the loop is watched. */
  async function unharmed(attack: (at: string, dir: string) => Promise<void>): Promise<void> {
    const conductor = await aConductor({ remote: { max_body_bytes: 10_000 } })
    const at = (await doorsTo(conductor)).addresses.socket ?? ''
    const run = await conductor.begin(`tasks:\n  - { id: slow, command: ${BLOCKED} }\n`)
    await asked(at, '/v1/state')
    const delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()
    await attack(at, conductor.workspace.dir)
    delay.disable()
    // In nanoseconds; a loop that is held up by a body of 50 MB is so for longer.
    expect(delay.percentile(99) / 1e6).toBeLessThan(250)
    expect((await asked(at, '/v1/state')).json.run.phase).toBe('open')
    await writeFile(join(conductor.workspace.dir, 'go'), '')
    expect((await run.finished).phase).toMatchObject({ status: 'succeeded' })
  }

  /** What a raw line is answered with before it is cut. */
  async function raw(at: string, send: (write: (text: string) => boolean, isOpen: () => boolean) => Promise<void>): Promise<string> {
    const connection = createConnection({ path: at })
    let text = ''
    let isOpen = true
    connection.on('data', (piece) => (text += piece.toString()))
    connection.on('error', () => {})
    const closed = new Promise<void>((resolve) => connection.on('close', () => resolve(void (isOpen = false))))
    await once(connection, 'connect')
    await send((piece) => connection.write(piece), () => isOpen)
    await closed
    return text
  }

  const json = { 'content-type': 'application/json' }

  it('with a body of 50 MB are refused at once, whether they say so or not', () =>
    unharmed(async (at) => {
      const mega = 'x'.repeat(1 << 20)
      const head = 'POST /v1/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
      let sent = 0
      const pour = (frame: string, last: string) => async (write: (text: string) => boolean, isOpen: () => boolean) => {
        write(head + last)
        for (sent = 0; sent < 50 && isOpen(); sent++) {
          write(frame)
          await sleep(1)
        }
      }
      expect(await raw(at, pour(mega, 'Content-Length: 52428800\r\n\r\n'))).toMatch(/^HTTP\/1\.1 413 /)
      expect(await raw(at, pour(`100000\r\n${mega}\r\n`, 'Transfer-Encoding: chunked\r\n\r\n'))).toMatch(/^HTTP\/1\.1 413 [^]*"code":"too_large"/)
    }))

  it('with JSON that is none, or far too deep, are told so', () =>
    unharmed(async (at) => {
      expect(await asked(at, '/v1/wishes/pause', { method: 'POST', body: '{"task":', headers: json })).toMatchObject({ status: 400, json: { error: { code: 'malformed' } } })
      expect(await asked(at, '/v1/wishes/pause', { method: 'POST', body: '['.repeat(9_000), headers: json })).toMatchObject({ status: 400 })
      expect(await asked(at, '/v1/wishes/pause', { method: 'POST', body: '{"__proto__":{"task":"x"}}', headers: json })).toMatchObject({ status: 400 })
      expect(await asked(at, '/v1/wishes/pause', { method: 'POST' })).toMatchObject({ status: 415 })
    }))

  it('with paths that lead elsewhere get nowhere, and learn nothing of the machine', () =>
    unharmed(async (at, dir) => {
      const tricks = ['/v1/tasks/..%2f..%2fetc%2fpasswd', '/v1/tasks/%2e%2e/log', '/v1/tasks/%00', '/v1/runs/..%2f..', '/v1/runs/last', '/../../etc/passwd', '//etc/passwd', '/v1/tasks/a%ff', '/v1/events?run=../..', '/v1/tasks/slow/log?offset=-1', '/v1/tasks/slow/log?attempt=1e9', '\\..\\..', 'http://[::1', '*']
      for (const path of tricks) {
        const { status, text, json: body } = await asked(at, path)
        expect({ path, status }).toEqual({ path, status: expect.toSatisfy((code: number) => code === 400 || code === 404) })
        expect(body.error.code).toMatch(/^[a-z_]+$/)
        expect(text).not.toMatch(/\bat .*\.ts|node_modules|Error:/)
        expect(text).not.toContain(dir)
      }
      expect(await asked(at, '/v1/state', { method: 'DELETE' })).toMatchObject({ status: 405, headers: { allow: 'GET' } })
      expect(await asked(at, '/v1/tasks/slow', { method: 'PUT', body: {}, headers: json })).toMatchObject({ status: 405, headers: { allow: 'GET' } })
      expect(await asked(at, '/v1/stop')).toMatchObject({ status: 405, headers: { allow: 'POST' } })
      expect(await asked(at, '/nowhere')).toMatchObject({ status: 404, json: { error: { code: 'not_found' } } })
    }))

  it('with endless headers, or what is no HTTP, are turned away by the server itself', () =>
    unharmed(async (at) => {
      const send = (text: string) => raw(at, async (write) => void write(text))
      expect(await send(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 [^]*too_large/)
      expect(await send('hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [^]*malformed/)
      expect(await send('GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
    }))

  it('that do not hang up once they have been turned away lose their place to others', async () => {
    const server = createHttpServer(() => {})
    const path = join(await tempDir(), 's')
    await once(server.listen({ path }), 'listening')
    const stubborn = Array.from({ length: 20 }, () => createConnection({ path, allowHalfOpen: true }).on('error', () => {}))
    for (const connection of stubborn) connection.write('hello\r\n\r\n')
    await Promise.all(stubborn.map((connection) => once(connection, 'readable')))
    const open = () => new Promise<number>((resolve, reject) => server.getConnections((error, count) => (error ? reject(error) : resolve(count))))
    expect(await open()).toBe(20)
    await vi.waitFor(async () => expect(await open()).toBe(0), WAIT)
    for (const connection of stubborn) connection.destroy()
    await shut(server, 0)
  })

  it('that hang up in the middle, or ask for the head of a stream only, leave no trace', async () => {
    const warned: string[] = []
    const listen = ({ message }: Error) => void warned.push(message)
    process.on('warning', listen)
    await unharmed(async (at) => {
      for (let count = 0; count < 20; count++) {
        const connection = createConnection({ path: at })
        await once(connection, 'connect')
        connection.write('POST /v1/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"files":\r\n')
        await sleep(5)
        connection.destroy()
        expect(await asked(at, '/v1/events/stream', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' })
      }
    })
    process.off('warning', listen)
    expect(warned).toEqual([])
  })

  it('that send a byte a second are cut off, two hundred of them', () =>
    unharmed(async (at) => {
      const slow = Array.from({ length: 200 }, () =>
        raw(at, async (write, isOpen) => {
          write('GET /v1/state HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
          while (isOpen()) {
            write('x')
            await sleep(500)
          }
        }),
      )
      const begun = performance.now()
      for (const answer of await Promise.all(slow)) expect(answer).toMatch(/^(HTTP\/1\.1 408 [^]*too_slow[^]*)?$/)
      expect(performance.now() - begun).toBeLessThan(15_000)
    }), 40_000)
})

it('a conductor without a gatekeeper listens to nobody from the network', async () => {
  const conductor = await aConductor()
  const { addresses } = await doorsTo(conductor, { listen: '127.0.0.1:0' })
  expect(addresses.http).toBeUndefined()
  expect(await post(addresses.socket ?? '', '/v1/stop', {})).toMatchObject({ status: 202 })
  await vi.waitFor(() => expect(conductor.stopped).toHaveLength(1), WAIT)
})
