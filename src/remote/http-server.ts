import type { IncomingMessage, Server, ServerResponse } from 'node:http'

// Imported, it would be loaded with all that is behind its names: from Node 22 on, a fetch and HTTP/2 with it.
const { createServer } = process.getBuiltinModule('node:http')

/** Bytes of a request's line and headers. */
const MOST_HEADER_BYTES = 8 * 1024
const MOST_HEADERS = 60
/** A client that sends its headers, or its whole request, more slowly keeps a connection from others. */
const HEADERS_MS = 10_000
const REQUEST_MS = 30_000
/** How often that is looked at. */
const LOOK_MS = 1_000
/** A connection on which nothing moves; streams say something more often. */
const SILENT_MS = 60_000
const KEEP_ALIVE_MS = 5_000
/** Who has been answered for the last time has so long to read it. */
const HANG_UP_MS = 1_000
/** More at once is nobody who watches a run. */
const MOST_CONNECTIONS = 512

export type Handle = (incoming: IncomingMessage, outgoing: ServerResponse) => void

/** A server for clients of which each may be hostile: slow, endless, or a thousand at once. */
export function createHttpServer(handle: Handle): Server {
  const limits = { maxHeaderSize: MOST_HEADER_BYTES, headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS, keepAliveTimeout: KEEP_ALIVE_MS, connectionsCheckingInterval: LOOK_MS }
  const server = createServer({ ...limits, insecureHTTPParser: false }, handle)
  server.maxConnections = MOST_CONNECTIONS
  server.maxHeadersCount = MOST_HEADERS
  server.setTimeout(SILENT_MS)
  // Without a listener, a connection that cannot be taken in (no file is left to open) would end the conductor.
  server.on('error', () => {})
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
    socket.end(answerTo(error.code))
    // Who does not hang up now would keep the place of others.
    setTimeout(() => socket.destroy(), HANG_UP_MS).unref()
  })
  return server
}

/** What cannot be read as a request gets its answer without any of the server's rooms. */
function answerTo(code: string | undefined): string {
  const [status, name, message] = code === 'HPE_HEADER_OVERFLOW' ? ['431 Request Header Fields Too Large', 'too_large', 'the headers are too long'] : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? ['408 Request Timeout', 'too_slow', 'the request took too long to come'] : ['400 Bad Request', 'malformed', 'this is no HTTP request']
  const body = JSON.stringify({ error: { code: name, message } })
  return `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`
}

/** Stops listening; what is being answered has this long. */
export async function shut(server: Server, grace_ms: number): Promise<void> {
  if (!server.listening) return
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), grace_ms)
  await closed
  clearTimeout(timer)
}
