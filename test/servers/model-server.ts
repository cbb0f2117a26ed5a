import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import * as z from 'zod'
import { TOLD } from './scenario.ts'
import type { Call, Scenario, Tokens } from './scenario.ts'

/** A request as it came in. `body` is the parsed JSON; an empty object for a request without one. */
export type ServedRequest = {
  /** Counted from 1. */
  number: number
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: Record<string, unknown>
  /** The model it asks for and the last user message; empty where there is none. */
  model: string
  prompt: string
}

/** How one protocol says what a scenario asks for. */
export type Wire = {
  content_type: string
  /** Joined to the address to give `url`. */
  prefix: string
  /** Answers to requests other than chats, by path. */
  pages: Record<string, (models: readonly string[]) => unknown>
  chat_path: string
  /** What comes before the first piece. */
  begin?: (usage: Tokens | undefined, model: string) => string
  piece: (text: string, model: string) => string
  /** A piece whose JSON breaks off. */
  torn: string
  calls: (calls: readonly Call[], model: string) => string
  /** The word for an answer that is whole. */
  finished: string
  /** The word for one that ends with calls. */
  called: string
  end: (options: { finish: string | null; usage: Tokens | undefined; request: ServedRequest }) => string
  error: (message: string, code: number | string | undefined) => string
  /** The body that goes with a status other than 200. */
  refusal: (message: string, code: string | undefined) => string
}

export type ModelServerOptions = {
  /** The text for a prompt. */
  answer?: (prompt: string) => string
  /** What to do with a request, where `next` did not say; an answer where this is left out or gives nothing. */
  scenario?: (request: ServedRequest) => Scenario | undefined
  /** The models that it lists. Any model is answered, whether it is listed or not. */
  models?: readonly string[]
}

export type ModelServer = {
  /** What a provider is configured with. */
  url: string
  requests: ServedRequest[]
  /** Requests that are open now. */
  open: () => number
  /** The most requests that were open at the same time. */
  mostAtOnce: () => number
  /** What to do with the next requests, one scenario for each. */
  next: (...scenarios: Scenario[]) => void
  /** Lets every `held` answer go on. */
  release: () => void
  /** Resolves when `count` requests have come in. */
  received: (count?: number) => Promise<void>
  /** Resolves when the connection that carried the last request is closed. */
  closed: () => Promise<void>
  stop: () => Promise<void>
  /** Listens again at the same address, after `stop`. */
  restart: () => Promise<void>
}

/** Starts a server on a free port of 127.0.0.1. */
export async function startModelServer(wire: Wire, options: ModelServerOptions): Promise<ModelServer> {
  const { answer = () => 'All voices are in tune.', models = ['test-model'] } = options
  const requests: ServedRequest[] = []
  const queue: Scenario[] = []
  const signals = new EventEmitter().setMaxListeners(0)
  let lastSocket: Socket | undefined
  let open = 0
  let most = 0

  const server = createServer((incoming, response) => {
    open += 1
    most = Math.max(most, open)
    response.once('close', () => (open -= 1))
    void readText(incoming)
      .then(async (raw) => {
        const request = { number: requests.length + 1, ...served(incoming.method ?? '', incoming.url ?? '', incoming.headers, raw) }
        requests.push(request)
        lastSocket = incoming.socket
        signals.emit('request')
        const scenario = queue.shift() ?? options.scenario?.(request) ?? { kind: 'answer' }
        const page = wire.pages[request.path]
        if (page !== undefined && scenario.kind === 'answer') {
          response.setHeader('content-type', 'application/json').end(JSON.stringify(page(models)))
        } else if (page === undefined && request.path !== wire.chat_path) {
          response.writeHead(404).end('404 page not found')
        } else {
          await play({ scenario, wire, request, response, answer, released: () => once(signals, 'release') })
        }
      })
      // The client went away in the middle of a request: that is what some tests are about.
      .catch(() => response.destroy())
  })
  const listen = async (at: number) => {
    server.listen(at, '127.0.0.1')
    await once(server, 'listening')
  }
  await listen(0)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0

  return {
    url: `http://127.0.0.1:${port}${wire.prefix}`,
    requests,
    open: () => open,
    mostAtOnce: () => most,
    next: (...scenarios) => queue.push(...scenarios),
    release: () => signals.emit('release'),
    received: async (count = 1) => {
      while (requests.length < count) await once(signals, 'request')
    },
    closed: async () => {
      if (lastSocket !== undefined && !lastSocket.destroyed) await once(lastSocket, 'close')
    },
    stop: async () => {
      if (!server.listening) return
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
    restart: () => listen(port),
  }
}

type Performance = {
  scenario: Scenario
  wire: Wire
  request: ServedRequest
  response: ServerResponse
  answer: (prompt: string) => string
  released: () => Promise<unknown>
}

async function play({ scenario, wire, request, response, answer, released }: Performance): Promise<void> {
  const open = (usage: Tokens | undefined = TOLD) => {
    response.writeHead(200, { 'content-type': wire.content_type })
    const begin = wire.begin?.(usage, request.model)
    if (begin !== undefined) response.write(begin)
  }
  const say = (text: string) => response.write(wire.piece(text, request.model))
  const finish = (word: string | null, usage: Tokens | undefined) => response.end(wire.end({ finish: word, usage, request }))

  switch (scenario.kind) {
    case 'answer': {
      const usage = figures(scenario.usage)
      open(usage)
      for (const piece of pieces(scenario.text ?? answer(request.prompt))) {
        say(piece)
        if (scenario.pause_ms !== undefined) await pause(scenario.pause_ms)
      }
      finish(scenario.finish === undefined ? wire.finished : scenario.finish, usage)
      return
    }
    case 'calls': {
      const usage = figures(scenario.usage)
      open(usage)
      for (const piece of pieces(scenario.text ?? '')) say(piece)
      response.write(wire.calls(scenario.calls, request.model))
      const word = scenario.finish === undefined ? wire.called : scenario.finish
      if (scenario.stays_open === true) response.write(wire.end({ finish: word, usage, request }))
      else finish(word, usage)
      return
    }
    case 'held': {
      const [first = '', ...rest] = pieces(answer(request.prompt))
      const go = released()
      open()
      say(first)
      await go
      for (const piece of rest) say(piece)
      finish(wire.finished, TOLD)
      return
    }
    case 'unended':
      open()
      say(answer(request.prompt))
      response.write(wire.end({ finish: wire.finished, usage: TOLD, request }))
      return
    case 'silent':
      return
    case 'refused': {
      const { status, headers, message = 'no', code, body } = scenario
      response.writeHead(status, { 'content-type': body === undefined ? 'application/json' : 'text/plain', ...headers })
      response.end(body ?? wire.refusal(message, code))
      return
    }
    case 'dropped':
      open()
      await flushed(response, wire.piece('Half an ', request.model))
      response.destroy()
      return
    case 'reset':
      response.destroy()
      return
    case 'cut_short':
      open()
      response.end(wire.piece('Half an ', request.model))
      return
    case 'garbage':
      response.writeHead(200, { 'content-type': scenario.content_type ?? wire.content_type })
      response.end(scenario.body ?? 'data: <<not json>>\n\n')
      return
    case 'garbled':
      open()
      say('Half an ')
      response.end(scenario.body ?? wire.torn)
      return
    case 'failed_midway':
      open()
      say('Half an ')
      response.end(wire.error(scenario.message, scenario.code))
  }
}

const flushed = (response: ServerResponse, text: string) => new Promise<void>((resolve) => response.write(text, () => resolve()))

function figures(usage: 'told' | 'omitted' | Tokens = 'told'): Tokens | undefined {
  if (usage === 'omitted') return undefined
  return usage === 'told' ? TOLD : usage
}

/** Words with the white space after them: models stream in about such pieces. */
const pieces = (text: string): string[] => text.match(/\s*\S+\s*/g) ?? []

const Body = z.looseObject({
  model: z.string().default(''),
  messages: z.array(z.object({ role: z.string(), content: z.unknown() })).default([]),
})

function served(method: string, path: string, headers: IncomingHttpHeaders, raw: string): Omit<ServedRequest, 'number'> {
  const body = raw === '' ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(raw))
  const { model, messages } = Body.parse(body)
  return { method, path, headers, body, model, prompt: z.string().catch('').parse(messages.findLast(({ role }) => role === 'user')?.content) }
}

/** The arguments as they are streamed, in pieces that end anywhere. */
export function argumentPieces({ arguments: given }: Call): string[] {
  const text = typeof given === 'string' ? given : JSON.stringify(given)
  return text.match(/[\s\S]{1,7}/g) ?? []
}
