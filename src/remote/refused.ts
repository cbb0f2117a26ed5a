import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { TurnedAway } from '../app/control-door.ts'
import type { ErrorBody } from '../app/control-protocol.ts'

/** A request that is not carried out, as the client is told. It ends the handling from wherever it is found out. */
export class Refused extends Error {
  override name = 'Refused'
  readonly status: ContentfulStatusCode
  readonly body: ErrorBody
  readonly headers: Record<string, string>

  constructor(status: ContentfulStatusCode, error: ErrorBody['error'], headers: Record<string, string> = {}) {
    super(error.message)
    this.status = status
    this.body = { error }
    this.headers = headers
  }
}

export function turnedAway({ status, code, message, wait_s }: TurnedAway): Refused {
  const headers: Record<string, string> = {}
  if (status === 401) headers['www-authenticate'] = 'Bearer'
  if (wait_s !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(wait_s)))
  return new Refused(status, { code, message }, headers)
}
