import { createRoute } from '@hono/zod-openapi'
import * as z from 'zod'
import { changeConfig } from '../app/change-config.ts'
import { refused } from './carry-out.ts'
import { allow, answer, errors, type Api, type Desk } from './desk.ts'
import { EventTold } from './told.ts'

/** Which sections may stand in it, the configuration decides. */
const Patch = z.record(z.string(), z.unknown())

const Changed = z.object({ changed: z.array(z.string()), events: z.array(EventTold) })

/** Changes budgets, tiers, prices and where a person is needed, as editing `config.json` does. */
export function addConfig(api: Api, desk: Desk): void {
  const change = createRoute({
    method: 'patch',
    path: '/v1/config',
    summary: 'Changes config.json by a JSON Merge Patch (RFC 7396), as far as a change holds at once',
    request: { body: { required: true, content: { 'application/json': { schema: Patch } } } },
    responses: { 200: answer('What holds now, and what that has caused', Changed), ...errors },
  })
  api.openapi(change, async (context) => {
    allow(context, 'administer', undefined)
    const done = await changeConfig(desk.conductor, context.req.valid('json'), context.get('caller').who)
    if (done.problems.length > 0 || !('changed' in done)) throw refused(desk, { problems: done.problems, later: false })
    return context.json({ changed: done.changed, events: [...done.events] }, 200)
  })
}
