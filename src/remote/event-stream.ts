import { createRoute } from '@hono/zod-openapi'
import * as z from 'zod'
import type { Context } from 'hono'
import { eventId, eventPlace } from '../app/control-protocol.ts'
import type { EventPlace } from '../app/event-chain.ts'
import { runHead } from '../app/run-heads.ts'
import { mayDo } from '../core/caller.ts'
import { allow, errors, projectNow, type Api, type Desk, type Env } from './desk.ts'
import { Refused } from './refused.ts'
import { message, streamed } from './stream.ts'

/** Characters that are sent at once, about. */
const BATCH = 64 * 1024

/**
 * What happens, as it happens, in one run after the other. What is told stands in the log, in whole steps: it is read
 * from there, and that the loop has come further is only a reason to look. So a reader who comes again with the id of
 * the last event that it has seen misses none and sees none twice, whatever happened to it, to us or to the machine.
 */
export function addEventStream(api: Api, desk: Desk): void {
  const { conductor, chain } = desk
  const since = z.union([z.literal('now'), z.coerce.number().int().min(0)]).optional().describe('Where to begin in the run that is open, or was the last; `now`: with what comes. Without it: with its first event')
  const route = createRoute({
    method: 'get',
    path: '/v1/events/stream',
    summary: 'What happens, as it happens',
    request: { query: z.object({ since }), headers: z.object({ 'last-event-id': z.string().max(100).optional() }) },
    responses: { ...errors, 200: { description: 'Server-sent events: an event of a run each, its id RUN:SEQ', content: { 'text/event-stream': { schema: z.string() } } } },
  })

  api.openapi(route, async (context) => {
    allow(context, 'read', projectNow(desk))
    const from = await beginning(context.req.valid('header')['last-event-id'], context.req.valid('query').since)
    return streamed(desk, context, (signal) => messages(context, from, signal))
  })

  async function beginning(lastId: string | undefined, wanted: number | 'now' | undefined): Promise<EventPlace | undefined> {
    if (lastId !== undefined && lastId !== '') {
      const place = eventPlace(lastId)
      if (place === undefined) throw new Refused(400, { code: 'invalid', message: 'last-event-id: is none of ours; begin again without one' })
      return checked(place)
    }
    const last = await chain.last()
    if (last === undefined || wanted === undefined) return undefined
    return wanted === 'now' ? last : checked({ run: last.run, seq: wanted })
  }

  async function checked(place: EventPlace): Promise<EventPlace> {
    const problem = await chain.cannotGoOnFrom(place)
    if (problem !== undefined) throw new Refused(404, { code: 'no_event', message: `${problem}; begin again without last-event-id` })
    return place
  }

  async function* messages(context: Context<Env>, from: EventPlace | undefined, signal: AbortSignal): AsyncGenerator<string> {
    let seen: { run: string; isAllowed: boolean } | undefined
    for await (const { run, events } of chain.follow(from, BATCH, signal)) {
      // A token may be for one project, and the next run for another.
      if (seen?.run !== run) seen = { run, isAllowed: mayDo(context.get('caller'), 'read', await projectOf(run)) }
      if (seen.isAllowed) yield events.map(({ seq, text }) => message(eventId({ run, seq }), text)).join('')
    }
  }

  async function projectOf(run: string): Promise<string> {
    return run === conductor.run?.id ? conductor.run.handle.state.project : (await runHead(conductor.workspace.runs, run)).project
  }
}
