import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Desk, Env } from './desk.ts'
import { Refused } from './refused.ts'

/**
 * What a request may bring: JSON, and not more than so much. One that says at once that it is longer is not read; one that
 * does not say is read as far as that. The connection is closed then, with the rest of it still on its way.
 */
export function limitedBody({ conductor }: Desk): MiddlewareHandler<Env> {
  const { max_body_bytes: maxSize } = conductor.workspace.config.remote
  const limited = bodyLimit({
    maxSize,
    onError: () => {
      throw new Refused(413, { code: 'too_large', message: `a request may have ${maxSize} bytes (remote.max_body_bytes)` }, { connection: 'close' })
    },
  })
  return async (context, next) => {
    if (context.req.method !== 'POST') return next()
    // A form in a page could send anything else to a server of which it knows the address.
    if (!/^application\/json\s*(?:;|$)/i.test(context.req.header('content-type') ?? '')) throw new Refused(415, { code: 'not_json', message: 'the body has to be JSON; say so with content-type: application/json' }, { connection: 'close' })
    return limited(context, next)
  }
}
