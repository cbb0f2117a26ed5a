import { Agent, request } from 'undici'
import { errorCode, errorMessage } from '../core/error.ts'
import { oneLine } from '../core/sanitize.ts'
import { VERSION } from '../core/version.ts'
import type { Message, Reception } from './message.ts'
import { retryAfter } from './retry-after.ts'
import { signatureHeaders } from './signature.ts'

/** Where messages go. */
export type Address = { url: string; secret: string | undefined; timeout_ms: number }

/** A receiver says that it has a message by its status; of what else it says, this much is let come, so that it can close in good order. */
const MOST_BYTES = 4096
const LONGEST_REST_MS = 1000
const LONGEST_WHY = 200

/** No connection is kept: between two messages there may be hours, and an open one would keep the process alive. */
const agent = new Agent({ pipelining: 0 })

/** Hands a message over, once. Redirects are not followed: what is signed for one address is not sent to another. */
export async function post({ url, secret, timeout_ms }: Address, { id, event, body }: Message, signal: AbortSignal): Promise<Reception> {
  const headers = {
    'content-type': 'application/json',
    'user-agent': `tutti/${VERSION}`,
    'x-tutti-event': event,
    'x-tutti-delivery': id,
    ...(secret === undefined ? {} : signatureHeaders(secret, Math.floor(Date.now() / 1000), body)),
  }
  const late = new AbortController()
  const abort = () => late.abort()
  let timer = setTimeout(abort, timeout_ms)
  signal.addEventListener('abort', abort, { once: true })
  try {
    const response = await request(url, { method: 'POST', headers, body, dispatcher: agent, signal: late.signal })
    clearTimeout(timer)
    timer = setTimeout(abort, LONGEST_REST_MS)
    await response.body.dump({ limit: MOST_BYTES }).catch(() => {})
    return receptionOf(response.statusCode, response.headers['retry-after'])
  } catch (error) {
    if (late.signal.aborted) return { is: 'not-now', why: signal.aborted ? 'it was broken off' : `no answer within ${timeout_ms / 1000} s` }
    return { is: 'not-now', why: oneLine(errorMessage(error) || (errorCode(error) ?? 'it failed'), LONGEST_WHY) }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}

function receptionOf(status: number, asked: string | string[] | undefined): Reception {
  if (status >= 200 && status < 300) return { is: 'taken' }
  if (status >= 300 && status < 400) return { is: 'refused', why: `it answers ${status}, a redirect; write the address that it leads to` }
  if (status === 408 || status === 429 || status >= 500) return { is: 'not-now', why: `it answers ${status}`, wait_ms: retryAfter(asked, Date.now()) }
  return { is: 'refused', why: `it answers ${status}` }
}
