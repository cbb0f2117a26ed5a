import { isAbsolute } from 'node:path'
import { createRoute } from '@hono/zod-openapi'
import * as z from 'zod'
import { STOPPED_BY } from '../app/conductor.ts'
import { KEY_HEADER, StopHow, type Done } from '../app/control-protocol.ts'
import { addPaths, addSent, underKey } from './carry-out.ts'
import { allow, answer, errors, projectNow, type Api, type Desk } from './desk.ts'
import { DoneTold } from './told.ts'
import { Refused } from './refused.ts'
import { Keyed } from './wishes.ts'

const MOST_FILES = 100
/** What has been handed in under a key is remembered as long as the conductor works, the newest of them. */
const MOST_KEYS = 1000

const Sent = z.strictObject({ files: z.array(z.strictObject({ name: z.string(), content: z.string() })).min(1).max(MOST_FILES) })
const Named = z.strictObject({ paths: z.array(z.string().min(1).max(4096).refine(isAbsolute, 'has to be absolute')).min(1).max(MOST_FILES) })

/** Takes tasks in, and ends the conductor. */
export function addTasks(api: Api, desk: Desk): void {
  const done = new Map<string, Promise<Done>>()

  function once(key: string | undefined, work: () => Promise<Done>): Promise<Done> {
    if (key === undefined) return work()
    const before = done.get(key)
    if (before !== undefined) return before
    const working = work()
    done.set(key, working)
    const [oldest] = done.keys()
    if (done.size > MOST_KEYS && oldest !== undefined) done.delete(oldest)
    // What was refused may be handed in again, mended.
    working.catch(() => done.delete(key))
    return working
  }

  const add = createRoute({
    method: 'post',
    path: '/v1/tasks',
    summary: 'Hands in task files: their content, which is put into tasks/pending/, or, over the Unix socket, their paths',
    request: { headers: Keyed, body: { required: true, content: { 'application/json': { schema: z.union([Sent, Named]) } } } },
    responses: { 200: answer('What it has caused; it is on disk', DoneTold), ...errors },
  })
  api.openapi(add, async (context) => {
    allow(context, 'operate', projectNow(desk))
    const body = context.req.valid('json')
    const { transport } = context.env
    if ('paths' in body && transport !== 'socket') throw new Refused(403, { code: 'not_allowed', message: 'paths are taken over the Unix socket only; send the files' })
    const ownKey = context.req.valid('header')[KEY_HEADER]
    const key = ownKey === undefined ? undefined : `${context.get('caller').who}/${ownKey}`
    const events = await underKey(desk, key, body, () => once(key, () => ('paths' in body ? addPaths(desk, body.paths) : addSent(desk, body.files))))
    return context.json(events, 200)
  })

  const stop = createRoute({
    method: 'post',
    path: '/v1/stop',
    summary: 'Ends the conductor; the run can be taken up again',
    request: { body: { required: true, content: { 'application/json': { schema: z.strictObject({ how: StopHow.default('grace') }) } } } },
    responses: { 202: answer('It leaves', z.object({ stopping: StopHow })), ...errors },
  })
  api.openapi(stop, (context) => {
    allow(context, 'administer', undefined)
    const { how } = context.req.valid('json')
    desk.conductor.stop(how, `${STOPPED_BY}${context.get('caller').who}`)
    return context.json({ stopping: how }, 202)
  })
}
