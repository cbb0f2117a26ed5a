import type { IncomingMessage } from 'node:http'

// Imported, it would be loaded with all that is behind its names: from Node 22 on, a fetch and HTTP/2 with it.
const { request } = process.getBuiltinModule('node:http')

export type Asked = { method: 'GET' | 'POST'; path: string; headers: Record<string, string>; body?: string; signal?: AbortSignal | undefined }

/** Asks a server on a Unix socket; resolves with the beginning of its answer. Rejects where nobody answers. */
export function ask(socketPath: string, { method, path, headers, body, signal }: Asked): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const length: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }
    // No agent: a connection that is kept would keep the program, or meet a server that has just closed it.
    const asking = request({ socketPath, method, path, agent: false, headers: { ...headers, ...length, host: 'localhost' }, ...(signal === undefined ? {} : { signal }) }, resolve)
    asking.once('error', reject)
    asking.end(body)
  })
}

export async function textOf(answer: IncomingMessage): Promise<string> {
  answer.setEncoding('utf8')
  let text = ''
  for await (const piece of answer) text += piece
  return text
}
