import { createRoute } from '@hono/zod-openapi'
import * as z from 'zod'
import { VERSION } from '../core/version.ts'
import { metricsText } from '../core/views/metrics.ts'
import { allow, answer, errors, projectNow, type Api, type Desk } from './desk.ts'

/** For those who only want to know whether it lives, and how it does. */
export function addMonitoring(api: Api, desk: Desk): void {
  api.openapi(createRoute({ method: 'get', path: '/healthz', summary: 'Whether it answers', responses: { 200: answer('It does', z.object({ ok: z.literal(true) })) } }), (context) => context.json({ ok: true as const }, 200))

  const metrics = createRoute({ method: 'get', path: '/metrics', summary: 'Numbers for Prometheus', responses: { ...errors, 200: { description: 'Its text format, 0.0.4', content: { 'text/plain': { schema: z.string() } } } } })
  api.openapi(metrics, (context) => {
    allow(context, 'read', projectNow(desk))
    const text = metricsText(desk.conductor.run?.handle.state, VERSION, desk.requests)
    return context.text(text, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
  })
}
