import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import { BY_HEADER, DOOR_HEADER, KEY_HEADER } from '../app/control-protocol.ts'
import type { Desk, Env } from './desk.ts'
import { hostName, isAddress } from './listen-address.ts'
import { Refused, turnedAway } from './refused.ts'

/** The address that a request came from. */
export function addressOf(incoming: Env['Bindings']['incoming']): string {
  return incoming.socket.remoteAddress ?? 'gone'
}

/** Counts every answer, and says that none is to be kept or guessed at. */
export function counted(desk: Desk): MiddlewareHandler<Env> {
  return async (context, next) => {
    await next()
    const status = `${Math.floor(context.res.status / 100)}xx`
    desk.requests[status] = (desk.requests[status] ?? 0) + 1
    context.header('cache-control', 'no-store')
    context.header('x-content-type-options', 'nosniff')
  }
}

/**
 * What has to be in order about a request from a network before anybody asks who sends it. A page in a browser must not
 * reach a server on the same machine: neither by a name that it has pointed here (`Host`), nor across origins.
 */
export function guarded(desk: Desk, listensOn: string | undefined): MiddlewareHandler<Env> {
  const origins = new Set(desk.conductor.workspace.config.remote.cors)
  const names = new Set(['localhost', ...[...origins].map((origin) => new URL(origin).hostname)])
  return async (context, next) => {
    if (context.env.transport === 'tcp') {
      const host = hostName(context.req.header('host') ?? '')
      const isKnown = host !== undefined && (isAddress(host) || names.has(host) || host === listensOn?.toLowerCase())
      if (!isKnown) throw new Refused(403, { code: 'wrong_host', message: 'this server is not called that; ask for it by its address' })
      const origin = context.req.header('origin')
      if (origin !== undefined && !origins.has(origin)) throw new Refused(403, { code: 'wrong_origin', message: 'pages of this origin may not talk to this server; remote.cors in config.json lists those that may' })
      const limited = desk.gatekeeper?.limit(addressOf(context.env.incoming), 'request')
      if (limited !== undefined) throw turnedAway(limited)
    }
    await next()
  }
}

/** Answers for pages of the origins that the configuration lists. */
export function listedOrigins({ conductor }: Desk): MiddlewareHandler<Env> {
  const origin = conductor.workspace.config.remote.cors
  if (origin.length === 0) return async (_, next) => next()
  return cors({ origin, allowMethods: ['GET', 'POST'], allowHeaders: ['authorization', 'content-type', 'last-event-id', KEY_HEADER, BY_HEADER, DOOR_HEADER], maxAge: 600 })
}
