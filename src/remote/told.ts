import * as z from 'zod'
import { Done, EventPage } from '../app/control-protocol.ts'
import type { Event } from '../core/events.ts'

/*
 * Shapes as the document of the endpoints tells them. What a task's checks ask for is any JSON, which contains JSON again:
 * the generator does not come to an end with that, so it is told what all events have in common.
 */

export const EventTold = z.custom<Event>().openapi({
  type: 'object',
  description: 'An event of the run; the rest of it depends on its type',
  properties: { v: { const: 1 }, seq: { type: 'integer', minimum: 1 }, at: { type: 'string', format: 'date-time' }, type: { type: 'string' } },
  required: ['v', 'seq', 'at', 'type'],
})

export const DoneTold = Done.extend({ events: z.array(EventTold) })
export const EventPageTold = EventPage.extend({ events: z.array(EventTold) })
