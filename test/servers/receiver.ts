import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

/** A request as it came in. */
type Received = { at: number; method: string; path: string; headers: IncomingHttpHeaders; raw: string; body: Record<string, unknown> }

/** How a receiver answers: with a status, or with whatever the function does. */
type Behaviour = number | ((response: ServerResponse, request: IncomingMessage) => void)

/** Somebody who is told, on a free port. */
export type ReceiverServer = {
  url: string
  received: Received[]
  /** How it answers the next requests, one each; 200 afterwards. */
  next: (...behaviours: Behaviour[]) => void
  /** How it answers all others. */
  always: (behaviour: Behaviour) => void
  /** The most requests that were open at once. */
  mostAtOnce: () => number
  /** What was told, by its event. */
  told: () => unknown[]
  stop: () => Promise<void>
}

export async function startReceiver(port = 0): Promise<ReceiverServer> {
  const received: Received[] = []
  const queue: Behaviour[] = []
  let otherwise: Behaviour = 200
  let open = 0
  let most = 0
  const server = createServer((request, response) => {
    open += 1
    most = Math.max(most, open)
    response.once('close', () => (open -= 1))
    void readText(request)
      .then((raw) => {
        received.push({ at: performance.now(), method: request.method ?? '', path: request.url ?? '', headers: request.headers, raw, body: JSON.parse(raw) as Record<string, unknown> })
        const behaviour = queue.shift() ?? otherwise
        if (typeof behaviour === 'number') response.writeHead(behaviour).end('ok')
        else behaviour(response, request)
      })
      .catch(() => response.destroy())
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const stop = async () => {
    if (!server.listening) return
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
  onTestFinished(stop)
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hook`,
    received,
    next: (...behaviours) => void queue.push(...behaviours),
    always: (behaviour) => void (otherwise = behaviour),
    mostAtOnce: () => most,
    told: () => received.map(({ body }) => body['event']),
    stop,
  }
}
