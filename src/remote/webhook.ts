import { createRoute } from '@hono/zod-openapi'
import * as z from 'zod'
import type { MiddlewareHandler } from 'hono'
import { addressOf } from './at-the-door.ts'
import { answer, errors, type Api, type Desk, type Env } from './desk.ts'
import { Refused, turnedAway } from './refused.ts'
import { obey, statusReply, WebhookCommand } from './webhook-command.ts'
import { webhookGuard, type Proof } from './webhook-secret.ts'

const Secret = z.object({
  secret: z.string().max(1000).optional(),
  timestamp: z.number().optional().describe('Seconds since 1970; with a nonce'),
  nonce: z.string().min(8).max(200).optional().describe('Never the same twice; with a time stamp'),
})
const Reply = z.looseObject({ ok: z.literal(true), message: z.string() })
const NOT_HERE = new Refused(404, { code: 'not_found', message: 'there is nothing here; /v1/openapi.json lists what there is' })

/** A door for bots and automations that can send a secret and nothing else. It is there over TCP, where a secret is configured. */
export function addWebhook(api: Api, desk: Desk): void {
  const { webhook, config } = desk.conductor.workspace
  const verdictOn = 'secret' in webhook ? webhookGuard(webhook.secret, config.remote.webhook_signed, () => Date.now() / 1000) : undefined

  /** Before anything of the body is looked at, but that it is JSON: who does not know the secret learns nothing. */
  const secured: MiddlewareHandler<Env> = async (context, next) => {
    if (verdictOn === undefined || context.env.transport === 'socket') throw NOT_HERE
    const limited = desk.gatekeeper?.limit(addressOf(context.env.incoming), 'webhook')
    if (limited !== undefined) throw turnedAway(limited)
    const body = await context.req.text()
    const verdict = verdictOn(body, proofIn(body), context.req.header('x-tutti-signature'))
    if (verdict === 'right') return next()
    const messages = { wrong: 'the secret is not right', unsigned: 'the secret is not to be sent: sign the body with it (x-tutti-signature; remote.webhook_signed)', stale: 'a time stamp within five minutes of ours and a nonce are asked for', replayed: 'this has been sent before' }
    throw new Refused(401, { code: `${verdict}_secret`, message: messages[verdict] })
  }
  api.use('/webhook/*', secured)

  const post = <Body extends z.ZodType>(path: string, summary: string, schema: Body) =>
    createRoute({ method: 'post', path, summary, request: { body: { required: true, content: { 'application/json': { schema } } } }, responses: { 200: answer('A sentence for the chat, and more', Reply), ...errors } })

  api.openapi(post('/webhook/command', 'Carries out what a bot wants', z.intersection(Secret, WebhookCommand)), async (context) => {
    const { nonce, ...wanted } = context.req.valid('json')
    return context.json(Reply.parse(await obey(desk, wanted, nonce)), 200)
  })
  api.openapi(post('/webhook/status', 'How the run stands', Secret), (context) => context.json(Reply.parse(statusReply(desk)), 200))
  api.openapi(createRoute({ method: 'get', path: '/health', summary: 'Whether the webhook door is open', responses: { 200: answer('It is', z.object({ ok: z.literal(true) })), ...errors } }), (context) => {
    if (verdictOn === undefined || context.env.transport === 'socket') throw NOT_HERE
    return context.json({ ok: true as const }, 200)
  })
}

function proofIn(body: string): Proof {
  try {
    return Secret.safeParse(JSON.parse(body)).data ?? {}
  } catch {
    throw new Refused(400, { code: 'malformed', message: 'the body is no JSON' })
  }
}
