import { getRequestListener } from '@hono/node-server'
import { OpenAPIHono } from '@hono/zod-openapi'
import { HTTPException } from 'hono/http-exception'
import { VERSION } from '../core/version.ts'
import { counted, guarded, listedOrigins } from './at-the-door.ts'
import { addConfig } from './config.ts'
import { addLogin } from './login.ts'
import { limitedBody } from './body.ts'
import type { Api, Desk, Env, Transport } from './desk.ts'
import type { Handle } from './http-server.ts'
import { issuesText } from './issues-text.ts'
import { addLogs } from './logs.ts'
import { addMonitoring } from './monitoring.ts'
import { addReads } from './reads.ts'
import { addRuns } from './runs.ts'
import { Refused } from './refused.ts'
import { addTasks } from './tasks.ts'
import { addEventStream } from './event-stream.ts'
import { addWebhook } from './webhook.ts'
import { known } from './who.ts'
import { addWishes } from './wishes.ts'

/**
 * All endpoints. This file and what it imports are loaded with the first request, and not when the doors are opened: most
 * conductors are never asked for anything.
 * @param listensOn the host that the server listens on over TCP
 */
export function createApi(desk: Desk, listensOn: string | undefined): (transport: Transport) => Handle {
  const api: Api = new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (result.success) return
      throw new Refused(400, { code: 'invalid', message: issuesText(result.error.issues).slice(0, 2000) })
    },
  })
  api.use(counted(desk), guarded(desk, listensOn), listedOrigins(desk), limitedBody(desk))
  api.use('/v1/*', (context, next) => (context.req.path === DOCUMENT ? next() : known(desk)(context, next)))
  api.use('/metrics', known(desk))
  for (const add of [addReads, addConfig, addTasks, addLogs, addRuns, addEventStream, addWishes, addMonitoring, addLogin, addWebhook]) add(api, desk)

  let document: object | undefined
  api.get(DOCUMENT, (context) => {
    document ??= api.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'Tutti', version: VERSION, description: 'The doors to a conductor' } })
    return context.json(document)
  })

  api.notFound((context) => {
    const others = methodsFor(api, context.req.path)
    if (others.length === 0) return context.json({ error: { code: 'not_found', message: 'there is nothing here; /v1/openapi.json lists what there is' } }, 404)
    return context.json({ error: { code: 'wrong_method', message: `this takes ${others.join(' and ')}` } }, 405, { allow: others.join(', ') })
  })
  api.onError((error, context) => {
    if (error instanceof Refused) return context.json(error.body, error.status, error.headers)
    if (error instanceof HTTPException) return context.json({ error: { code: error.status === 415 ? 'not_json' : 'malformed', message: error.status === 400 ? 'the body is no JSON' : 'the request cannot be understood' } }, error.status)
    // Who hangs up in the middle of a request is no reason to say anything to anybody.
    if (context.env.outgoing.destroyed) return context.json({ error: { code: 'gone', message: 'nobody is there any more' } }, 400)
    // The caller is nobody to read a stack; whoever conducts is.
    process.emitWarning(`the control server broke on ${context.req.method} ${context.req.routePath}: ${error.message}`)
    return context.json({ error: { code: 'broken', message: 'something broke in the server; whoever conducts sees what' } }, 500)
  })
  return (transport) => {
    // Its own Request and Response stay its own: providers use those of Node.
    const listener = getRequestListener((request, bindings) => api.fetch(request, { ...bindings, transport }), { overrideGlobalObjects: false, errorHandler: unreadable })
    return (incoming, outgoing) => void listener(incoming, outgoing)
  }
}

const DOCUMENT = '/v1/openapi.json'

/** A request that is none in the eyes of `fetch`: no host, or a target that is no path. */
function unreadable(): Response {
  return Response.json({ error: { code: 'malformed', message: 'this is no request that can be answered' } }, { status: 400 })
}

function methodsFor(api: Api, path: string): string[] {
  const methods = api.routes.filter((route) => route.method !== 'ALL' && matches(route.path, path)).map(({ method }) => method)
  return [...new Set(methods)]
}

function matches(pattern: string, path: string): boolean {
  const steps = pattern.split('/')
  const given = path.split('/')
  return steps.length === given.length && steps.every((step, index) => step.startsWith(':') || step === given[index])
}
