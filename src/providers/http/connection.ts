import { pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { Agent, buildConnector, request } from 'undici'
import { errorCode } from '../../core/error.ts'
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

/** As many as `fetch` follows. */
const MOST_REDIRECTS = 20

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
 * It rests on undici's plain requests: what a `fetch` puts around them takes more than the request (measured by `npm run bench`:
 * 580 µs of CPU a call, and 210 without), and of all that, libraries need a status, headers and a body.
 */
export function connect(signal: AbortSignal, watch: Watch = {}): typeof fetch {
  return async (input, init = {}) => {
    const either = init.signal ? AbortSignal.any([signal, init.signal]) : signal
    const { statusCode, headers, body } = await request(input instanceof Request ? input.url : input, {
      method: methodOf(init),
      headers: Object.fromEntries(new Headers(init.headers)),
      body: bodyOf(init.body),
      maxRedirections: init.redirect === 'manual' ? 0 : MOST_REDIRECTS,
      signal: either,
      dispatcher: agent,
    }).catch((error: unknown) => {
      throw either.aborted ? error : new HttpError({ signal: 'broken', code: codeOf(error), asked: !isUnconnected(error) })
    })
    const told = new Headers(Object.entries(headers).flatMap(([name, value]) => [value ?? []].flat().map((each): [string, string] => [name, each])))
    const bytes = guarded(unpacked(body, told.get('content-encoding')), either)
    if (statusCode < 200 || statusCode > 299) throw new HttpError(await readRefusal(statusCode, told, bytes))
    return new Response(ReadableStream.from(watched(bytes, watch)), { headers: told })
  }
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

function methodOf({ method = 'GET' }: RequestInit): (typeof METHODS)[number] {
  const known = METHODS.find((each) => each === method.toUpperCase())
  if (known === undefined) throw new Error(`bug: a client library sends ${method}`)
  return known
}

function bodyOf(body: RequestInit['body']): string | null {
  if (body === undefined || body === null || typeof body === 'string') return body ?? null
  throw new Error('bug: a client library sends something else than text')
}

/** The body as it was before it was sent: nobody asks for it to be packed, but something on the way may do so. */
function unpacked(body: Readable, encoding: string | null): Readable {
  // Told by whoever reads it; where nobody does any more, nobody is told.
  body.on('error', () => {})
  const unpacking = unpackingOf(encoding)
  return unpacking === undefined ? body : pipeline(body, unpacking, () => {})
}

function unpackingOf(encoding: string | null) {
  switch (encoding?.toLowerCase() ?? 'identity') {
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'deflate':
      return createInflate()
    case 'br':
      return createBrotliDecompress()
    default:
      return undefined
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
  return errorCode(error) ?? (error instanceof Error ? codeOf(error.cause) : undefined)
}

/** undici wraps what its connector told. */
function isUnconnected(error: unknown): boolean {
  return error instanceof Error && (unconnected.has(error) || isUnconnected(error.cause))
}
