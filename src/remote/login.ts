import { createRoute } from '@hono/zod-openapi'
import * as z from 'zod'
import type { Gatekeeper, TurnedAway } from '../app/control-door.ts'
import { addressOf } from './at-the-door.ts'
import { answer, errors, type Api, type Desk, type Env } from './desk.ts'
import { Refused, turnedAway } from './refused.ts'

const Token = z.object({ token: z.string(), expires_at: z.string() })
const Tokens = z.object({ access: Token, refresh: Token })
const Login = z.strictObject({ user: z.string().min(1).max(200), password: z.string().min(1).max(1000) })
const Refresh = z.strictObject({ refresh_token: z.string().min(1).max(4096) })

/** Tokens for users with a password. The owner, at the Unix socket, needs none. */
export function addLogin(api: Api, { gatekeeper }: Desk): void {
  const route = <Body extends z.ZodType>(path: string, summary: string, schema: Body) =>
    createRoute({ method: 'post', path, summary, request: { body: { required: true, content: { 'application/json': { schema } } } }, responses: { 200: answer('Tokens', Tokens), ...errors } })

  api.openapi(route('/auth/login', 'Gives tokens for a name and a password', Login), async (context) => {
    const found = await atTheGate(gatekeeper, context.env).login(context.req.valid('json'), addressOf(context.env.incoming))
    return context.json(granted(found), 200)
  })
  api.openapi(route('/auth/refresh', 'Gives new tokens for a refresh token', Refresh), async (context) => {
    const found = await atTheGate(gatekeeper, context.env).refresh(context.req.valid('json').refresh_token, addressOf(context.env.incoming))
    return context.json(granted(found), 200)
  })
}

function atTheGate(gatekeeper: Gatekeeper | undefined, { transport }: Env['Bindings']): Gatekeeper {
  if (gatekeeper === undefined || transport === 'socket') throw new Refused(404, { code: 'not_found', message: 'nobody logs in here' })
  return gatekeeper
}

/** The tokens, and nothing else that is known of whoever has logged in. */
function granted(found: z.infer<typeof Tokens> | TurnedAway): z.infer<typeof Tokens> {
  if ('status' in found) throw turnedAway(found)
  return Tokens.parse(found)
}
