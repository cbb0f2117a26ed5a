import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect } from '../../src/providers/http/connection.ts'

type Asked = { method: string | undefined; path: string | undefined; key: string | undefined; body: string }

/** A server, and what it was asked. */
async function serving(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      asked.push({ method: request.method, path: request.url, key: request.headers.authorization, body })
      answer(request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

const post = { method: 'POST', headers: new Headers({ authorization: 'Bearer the key' }), body: 'hello' }
const ask = (url: string, more: RequestInit = {}) => connect(new AbortController().signal)(url, { ...post, ...more })

describe('a server that has moved', () => {
  it('is asked the same where it is now', async () => {
    const { url, asked } = await serving(({ url: path }, response) => (path === '/new' ? response.end('here') : response.writeHead(308, { location: '/new' }).end()))
    expect(await (await ask(`${url}/old`)).text()).toBe('here')
    expect(asked.map(({ path }) => path)).toEqual(['/old', '/new'])
    expect(asked[1]).toEqual({ ...asked[0], path: '/new' })
  })

  it('takes no key along to another server', async () => {
    const other = await serving((_, response) => response.end('elsewhere'))
    const { url } = await serving((_, response) => response.writeHead(307, { location: other.url }).end())
    expect(await (await ask(url)).text()).toBe('elsewhere')
    expect(other.asked).toMatchObject([{ key: undefined, body: 'hello' }])
  })

  it('is not followed where the library does not want to', async () => {
    const { url, asked } = await serving((_, response) => response.writeHead(307, { location: '/new' }).end())
    await expect(ask(url, { redirect: 'manual' })).rejects.toMatchObject({ signal: { signal: 'refused', status: 307 } })
    expect(asked).toHaveLength(1)
  })

  it('is given up where it leads on for ever', async () => {
    const { url, asked } = await serving((_, response) => response.writeHead(307, { location: '/again' }).end())
    await expect(ask(url)).rejects.toMatchObject({ signal: { signal: 'refused', status: 307 } })
    expect(asked.length).toBeLessThan(25)
  })
})

describe('a body that something on the way has packed', () => {
  const TEXT = 'data: {"a":1}\n\n'.repeat(200)

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('is unpacked: %s', async (encoding, pack) => {
    const lines: string[] = []
    const { url } = await serving((_, response) => response.writeHead(200, { 'content-encoding': encoding }).end(pack(TEXT)))
    const response = await connect(new AbortController().signal, { line: (line) => lines.push(line) })(url, post)
    expect(await response.text()).toBe(TEXT)
    expect(lines).toHaveLength(400)
  })

  it('is a broken connection where it cannot be unpacked', async () => {
    const { url } = await serving((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('not packed at all'))
    const response = await ask(url)
    await expect(response.text()).rejects.toMatchObject({ signal: { signal: 'broken' } })
  })
})

it('keeps all of a header that comes several times', async () => {
  const { url } = await serving((_, response) => response.writeHead(200, [['x-limit', '1'], ['x-limit', '2']].flat()).end())
  expect((await ask(url)).headers.get('x-limit')).toBe('1, 2')
})
