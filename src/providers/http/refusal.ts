import { z } from 'zod'
import type { HttpSignal } from './signal.ts'

/** The shapes in which servers put an error: OpenAI and vLLM, Ollama, FastAPI (OpenWebUI), older vLLM. */
const Code = z.union([z.string(), z.number().transform(String)]).optional().catch(undefined)
const ErrorBody = z.union([
  z.object({ error: z.object({ message: z.string(), code: Code }) }).transform(({ error }) => error),
  z.object({ error: z.string() }).transform(({ error }) => ({ message: error, code: undefined })),
  z.object({ detail: z.string() }).transform(({ detail }) => ({ message: detail, code: undefined })),
  z.object({ message: z.string(), code: Code }),
])

/** Bytes of an error's body that are read: a server may send without end. */
const MOST_BYTES = 64 * 1024

/** A response with a status other than 2xx, as a signal. What a page of HTML says is left out. */
export async function readRefusal(status: number, headers: ResponseHeaders, body: AsyncIterable<Uint8Array>): Promise<HttpSignal> {
  const text = await head(body)
  const { message, code } = said(text, headers.get('content-type') ?? '')
  return { signal: 'refused', status, code, said: message, retry_after_ms: retryAfter(headers, Date.now()) }
}

type ResponseHeaders = { get: (name: string) => string | null }

async function head(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length >= MOST_BYTES) break
  }
  return text
}

function said(text: string, contentType: string): { message: string; code?: string | undefined } {
  try {
    const parsed = ErrorBody.safeParse(JSON.parse(text))
    if (parsed.success) return parsed.data
  } catch {
    // Not JSON: the text speaks for itself.
  }
  return { message: contentType.startsWith('text/html') ? '' : text }
}

/** A day: a server that asks for more is not taken at its word, and no timer holds more than 24 of them. */
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000

/**
 * How long the server asks us to wait, in ms, at most a day: `retry-after-ms` (OpenAI's own), else
 * `Retry-After` in seconds or as an HTTP date (RFC 9110 §10.2.3). Absent when none can be read.
 * @param now ms since the epoch
 */
function retryAfter(headers: ResponseHeaders, now: number): number | undefined {
  const seconds = headers.get('retry-after') ?? ''
  const ms = [toNumber(headers.get('retry-after-ms') ?? ''), toNumber(seconds) * 1000, Date.parse(seconds) - now].find(Number.isFinite)
  return ms === undefined ? undefined : Math.min(Math.max(0, Math.round(ms)), LONGEST_WAIT_MS)
}

/** Digits only: `Number` would read an empty header as 0. */
const toNumber = (header: string): number => (/^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) : Number.NaN)
