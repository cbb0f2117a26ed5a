import * as z from 'zod'
import { resolveReferences } from '../config/env-references.ts'
import { ONCE } from '../config/load.ts'
import type { Notifiable } from '../core/notifiable.ts'
import type { Secret } from '../core/redact.ts'
import { isWebAddress } from '../config/web-address.ts'
import type { Config } from './config.ts'

/** Somebody who is told of what happens. */
export type Receiver = {
  /** As messages call it: `notify.webhook`. */
  name: string
  events: readonly Notifiable[]
  /** Where that is, with all references filled in; or why it cannot be known. */
  to: { is: 'there'; url: string; secret: string | undefined; timeout_ms: number } | { is: 'nowhere'; why: string }
}

/** What may hold references. */
const Filled = z.object({ url: z.string(), secret: z.string().optional() })

/** The receivers of a configuration, and what of them is secret. */
export function receiversOf(notify: Config['notify'], environment: NodeJS.ProcessEnv): { receivers: Receiver[]; secrets: Secret[] } {
  const { secrets, unset, entries } = resolveReferences(notify, environment)
  const receivers = Object.entries(notify).map(([key, { events, timeout_s }]): Receiver => {
    const { url, secret } = Filled.parse(entries[key], ONCE)
    const name = `notify.${key}`
    const missing = unset.get(key)
    if (missing !== undefined) return { name, events, to: { is: 'nowhere', why: `${missing.join(', ')} is not set` } }
    if (!isWebAddress(url)) return { name, events, to: { is: 'nowhere', why: 'url is no http or https address once its references are filled in' } }
    return { name, events, to: { is: 'there', url, secret, timeout_ms: timeout_s * 1000 } }
  })
  return { receivers, secrets }
}
