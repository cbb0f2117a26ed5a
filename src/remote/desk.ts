import type { HttpBindings } from '@hono/node-server'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type * as z from 'zod'
import type { Context } from 'hono'
import type { Gatekeeper } from '../app/control-door.ts'
import type { Conductor } from '../app/conductor.ts'
import { ErrorBody } from '../app/control-protocol.ts'
import type { EventChain } from '../app/event-chain.ts'
import type { Run } from '../app/run.ts'
import { mayDo, type Action, type Caller } from '../core/caller.ts'
import type { Door } from '../core/wish.ts'
import { Refused } from './refused.ts'
import type { UsedKeys } from './used-keys.ts'

/** What all endpoints work with. */
export type Desk = {
  conductor: Conductor
  chain: EventChain
  gatekeeper: Gatekeeper | undefined
  /** Requests that were answered, by the class of their status. */
  requests: Record<string, number>
  keys: UsedKeys
  /** Streams that are open, each ended by its own. */
  streams: Set<AbortController>
  /** The doors are being shut: no stream begins any more. */
  isShut: boolean
}

/** `socket`: the owner's own; `tcp`: from a network, with a token. */
export type Transport = 'socket' | 'tcp'

export type Env = { Bindings: HttpBindings & { transport: Transport }; Variables: { caller: Caller; door: Door } }
export type Api = OpenAPIHono<Env>

/** The run that is open, or was the last. */
export function runOf({ conductor }: Desk): Run {
  if (conductor.run === undefined) throw new Refused(409, { code: 'no_run', message: 'no run has begun yet; hand in tasks first', later: true })
  return conductor.run
}

/** The project that a request is about where it names no run. */
export function projectNow({ conductor }: Desk): string {
  return conductor.run?.handle.state.project ?? conductor.workspace.project
}

/** Turns callers away who may not do this. @param project undefined: it is about the conductor as a whole */
export function allow(context: Context<Env>, action: Action, project: string | undefined): void {
  const caller = context.get('caller')
  if (mayDo(caller, action, project)) return
  const limits = caller.projects === undefined ? '' : ` for ${caller.projects.map((name) => JSON.stringify(name)).join(', ')}`
  throw new Refused(403, { code: 'not_allowed', message: `a token of ${caller.role === 'viewer' ? 'a viewer' : `an ${caller.role}`}${limits} does not allow this` })
}

/** One answer in JSON, as the document of the endpoints tells it. */
export function answer<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } }
}

const ERRORS = { 400: 'The request cannot be understood', 401: 'Nobody knows who asks', 403: 'Whoever asks may not', 404: 'There is no such thing', 409: 'It is refused, with the reason', 413: 'It is too large', 415: 'It is not JSON', 429: 'Too many requests' }

/** What any endpoint may answer as well. */
export const errors = Object.fromEntries(Object.entries(ERRORS).map(([status, description]) => [status, answer(description, ErrorBody)]))
