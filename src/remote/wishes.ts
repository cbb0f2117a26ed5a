import { createRoute } from '@hono/zod-openapi'
import * as z from 'zod'
import { KEY_HEADER } from '../app/control-protocol.ts'
import { Wish } from '../core/wish.ts'
import { carryOut } from './carry-out.ts'
import { allow, answer, errors, projectNow, type Api, type Desk } from './desk.ts'
import { Refused } from './refused.ts'
import { DoneTold } from './told.ts'

export const Keyed = z.object({ [KEY_HEADER]: z.string().min(1).max(200).optional() })

/** An endpoint for each thing that can be wanted of a run: what there is, the wishes say. */
export function addWishes(api: Api, desk: Desk): void {
  for (const option of Wish.options) {
    const { type, ...fields } = option.shape
    const Body = z.strictObject(fields)
    const route = createRoute({
      method: 'post',
      path: `/v1/wishes/${type.value}`,
      summary: `${type.value[0]?.toUpperCase()}${type.value.slice(1).replaceAll('-', ' ')}`,
      request: { headers: Keyed, body: { required: true, content: { 'application/json': { schema: Body } } } },
      responses: { 200: answer('What it has caused; it is on disk', DoneTold), ...errors },
    })
    api.openapi(route, async (context) => {
      allow(context, 'operate', projectNow(desk))
      // Each body is read by its own option; together with the type it is one of the wishes.
      const wish = Wish.parse({ ...context.req.valid('json'), type: type.value })
      if (context.get('door') === 'http') mustNameGate(desk, wish)
      const author = { by: context.get('caller').who, door: context.get('door') }
      return context.json(await carryOut(desk, wish, author, context.req.valid('header')[KEY_HEADER]), 200)
    })
  }
}

/** A program answers what it was shown, and not whatever waits there by then: both are told by the inbox. */
function mustNameGate({ conductor }: Desk, wish: Wish): void {
  if (wish.type !== 'approve' && wish.type !== 'reject' && wish.type !== 'send-back' && wish.type !== 'answer') return
  const now = conductor.run?.handle.state.tasks.get(wish.task)?.state
  const isAsked = now?.status === 'held' && now.gate !== 'paused'
  if (isAsked && (wish.gate === undefined || wish.shown === undefined)) throw new Refused(400, { code: 'gate_not_named', message: `name the gate and what was shown there: the entry of "${wish.task}" in GET /v1/inbox tells them as "id" and "shown"` })
}
