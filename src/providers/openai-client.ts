import type { OpenAI } from 'openai'
import { FOREVER_MS } from './http/conversation.ts'
import { HttpError, signalOf } from './http/signal.ts'

/**
 * A client that is ours alone: it takes nothing from the environment (a key, an organisation or an
 * address meant for OpenAI is nothing for another server), prints nothing, retries nothing and has no
 * timeout of its own. Loading the library takes long, so it is loaded with the first client.
 */
export async function openClient(base_url: string, api_key: string | undefined, connected: typeof fetch): Promise<OpenAI> {
  const { OpenAI } = await import('openai')
  const hasKey = api_key !== undefined && api_key !== ''
  return new OpenAI({
    baseURL: base_url,
    apiKey: hasKey ? api_key : 'none',
    ...(hasKey ? {} : { defaultHeaders: { Authorization: null } }),
    organization: null,
    project: null,
    fetch: connected,
    maxRetries: 0,
    timeout: FOREVER_MS,
    logLevel: 'off',
  })
}

/** An error that the server told in the middle of its stream, as an HttpError; any other error as it is. */
export async function readError(error: unknown): Promise<unknown> {
  const { APIError } = await import('openai')
  if (signalOf(error) !== undefined || !(error instanceof APIError)) return error
  // Such an error has no status, but its code may be one.
  const code: unknown = error.code
  const told = typeof code === 'string' || typeof code === 'number' ? String(code) : undefined
  return new HttpError({ signal: 'failed_midway', code: told, said: error.message })
}
