import * as z from 'zod'
import { askedWait } from './asked-wait.ts'
import type { ResponseHeaders } from './asked-wait.ts'
import type { HttpSignal } from './signal.ts'

/** The shapes in which servers put an error: OpenAI, vLLM and Anthropic, Ollama, FastAPI (OpenWebUI), older vLLM. */
const Code = z.union([z.string(), z.number().transform(String)]).optional().catch(undefined)
/** Anthropic's own, finer than its types. */
const Details = z.object({ error_code: Code }).optional().catch(undefined)
const ErrorBody = z.union([
  z
    .object({ error: z.object({ message: z.string(), code: Code, details: Details, type: Code }) })
    .transform(({ error: { message, code, details, type } }) => ({ message, code: code ?? details?.error_code ?? type })),
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
  return { signal: 'refused', status, code, said: message, retry_after_ms: askedWait(status, headers, Date.now()) }
}

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
