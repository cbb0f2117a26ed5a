import type { Anthropic } from '@anthropic-ai/sdk'
import * as z from 'zod'
import { FOREVER_MS } from './http/conversation.ts'
import { HttpError, signalOf } from './http/signal.ts'

/** The version of the API that we speak (https://docs.claude.com/en/api/versioning). */
const API_VERSION = '2023-06-01'

/**
 * A client that is ours alone: it takes nothing from the environment, prints nothing, retries nothing and has no
 * timeout of its own. Loading the library takes long, so it is loaded with the first client.
 */
export async function openClient(base_url: string, api_key: string | undefined, connected: typeof fetch): Promise<Anthropic> {
  const { Anthropic } = await import('@anthropic-ai/sdk')
  // Instead of the client's own headers: it adds those of ANTHROPIC_CUSTOM_HEADERS, meant for another server.
  const headers = {
    accept: '*/*',
    'content-type': 'application/json',
    'anthropic-version': API_VERSION,
    ...(api_key ? { 'x-api-key': api_key } : {}),
  }
  return new Anthropic({
    baseURL: base_url,
    // Without one it would look for a key, a token or a profile of its own.
    apiKey: 'none',
    // A redirect would carry the key to wherever it leads.
    fetch: (input, init) => connected(input, { ...init, headers, redirect: 'manual' }),
    maxRetries: 0,
    timeout: FOREVER_MS,
    logLevel: 'off',
    openTelemetry: false,
  })
}

/** The statuses that go with the types of errors (https://docs.claude.com/en/api/errors): in mid-stream there is only the type. */
const STATUS_OF_TYPE: ReadonlyMap<string, number> = new Map([
  ['invalid_request_error', 400],
  ['authentication_error', 401],
  ['billing_error', 402],
  ['permission_error', 403],
  ['not_found_error', 404],
  ['request_too_large', 413],
  ['rate_limit_error', 429],
  ['api_error', 500],
  ['timeout_error', 504],
  ['overloaded_error', 529],
])

const Told = z.object({ error: z.object({ type: z.string(), message: z.string() }) })

/** An error that the server told in the middle of its stream, as an HttpError; any other error as it is. */
export async function readError(error: unknown): Promise<unknown> {
  const { APIError } = await import('@anthropic-ai/sdk')
  if (signalOf(error) !== undefined || !(error instanceof APIError)) return error
  const told = Told.safeParse(error.error)
  if (!told.success) return new HttpError({ signal: 'garbage' })
  const { type, message } = told.data.error
  return new HttpError({ signal: 'failed_midway', code: String(STATUS_OF_TYPE.get(type) ?? type), said: message })
}
