import { Agent, Response as UndiciResponse, buildConnector, fetch as undiciFetch } from 'undici'
import type { RequestInit as UndiciInit } from 'undici'
import { HttpError } from './signal.ts'
import { readRefusal } from './refusal.ts'

/** Errors of looking up a name, connecting and the TLS handshake: no request was sent. */
const unconnected = new WeakSet<Error>()
const connectSocket = buildConnector({})

/*
 * undici gives up on a response without headers, or a silent body, after 300 s, and no option of a
 * client library changes that. A local model may think for longer: how long an attempt may take is
 * the runtime's to say, through the signal.
 */
const agent = new Agent({
  headersTimeout: 0,
  bodyTimeout: 0,
  connect: (options, done) =>
    connectSocket(options, (...[error, socket]) => {
      if (error === null) return done(null, socket)
      unconnected.add(error)
      done(error, null)
    }),
})

/** Characters; an answer comes in pieces of a few words. */
const LONGEST_LINE = 20_000_000

/** Looks on while a body is read. Either may throw an HttpError: the reader of the body gets it. */
export type Watch = {
  /** Each line of the body, without its end. */
  line?: (line: string) => void
  /** The body came to its end. */
  end?: () => void
}

/**
 * A `fetch` for client libraries. It closes the connection when `signal` fires, in every phase; a status
 * other than 2xx and a broken connection reject with an HttpError, before a library can log or retry them.
 */
export function connect(signal: AbortSignal, watch: Watch = {}): typeof fetch {
  return async (input, init) => {
    const either = init?.signal ? AbortSignal.any([signal, init.signal]) : signal
    // The same class in two declarations: Node's own, and undici's package, whose agent must be used with its own fetch.
    const options = { ...init, signal: either, dispatcher: agent } as UndiciInit
    const response = await undiciFetch(input instanceof Request ? input.url : input, options).catch((error: unknown) => {
      throw either.aborted ? error : new HttpError({ signal: 'broken', code: codeOf(error), asked: !isUnconnected(error) })
    })
    const body = guarded(response.body ?? [], either)
    if (!response.ok) throw new HttpError(await readRefusal(response.status, response.headers, body))
    return new UndiciResponse(ReadableStream.from(watched(body, watch)), { headers: response.headers })
  }
}

async function* guarded(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw signal.aborted ? error : new HttpError({ signal: 'broken', code: codeOf(error), asked: true })
  }
}

async function* watched(body: AsyncIterable<Uint8Array>, { line, end }: Watch): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder()
  // In pieces: a line of many megabytes would be copied again with each chunk.
  let rest: string[] = []
  let length = 0
  for await (const chunk of body) {
    const text = decoder.decode(chunk, { stream: true })
    length += text.length
    if (length > LONGEST_LINE) throw new HttpError({ signal: 'endless', characters: LONGEST_LINE })
    rest.push(text)
    if (text.includes('\n')) {
      const lines = rest.join('').split('\n')
      rest = [lines.pop() ?? '']
      length = rest[0]?.length ?? 0
      for (const whole of lines) line?.(whole)
    }
    yield chunk
  }
  const last = rest.join('')
  if (last !== '') line?.(last)
  end?.()
}

/** Node and undici put a code on the error or on what caused it: ECONNREFUSED, UND_ERR_SOCKET, … */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  return 'code' in error && typeof error.code === 'string' ? error.code : codeOf(error.cause)
}

/** undici wraps what its connector told. */
function isUnconnected(error: unknown): boolean {
  return error instanceof Error && (unconnected.has(error) || isUnconnected(error.cause))
}
