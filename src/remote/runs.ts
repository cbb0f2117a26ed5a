import { createRoute } from '@hono/zod-openapi'
import * as z from 'zod'
import { RunId, RunPage } from '../app/control-protocol.ts'
import { allRunIds, runHead } from '../app/run-heads.ts'
import { manifestOfRun, pickRun } from '../app/runs.ts'
import type { Event } from '../core/events.ts'
import { Manifest } from '../core/views/manifest.ts'
import { mayDo } from '../core/caller.ts'
import { allow, answer, errors, projectNow, type Api, type Desk } from './desk.ts'
import { Refused } from './refused.ts'
import { EventPageTold } from './told.ts'

/** Characters of events in one answer, about. */
const MOST_CHARACTERS = 2_000_000

/** Runs, as they left it on disk, and their events. */
export function addRuns(api: Api, desk: Desk): void {
  const { runs } = desk.conductor.workspace
  const read = (path: string, summary: string) => ({ method: 'get', path, summary }) as const

  const Page = z.object({ offset: z.coerce.number().int().min(0).default(0), limit: z.coerce.number().int().min(1).max(100).default(20) })
  api.openapi(createRoute({ ...read('/v1/runs', 'All runs'), request: { query: Page }, responses: { 200: answer('Newest first', RunPage), ...errors } }), async (context) => {
    const { offset, limit } = context.req.valid('query')
    const ids = await allRunIds(runs)
    // One whose events cannot be understood is told by `tutti doctor`.
    const heads = await Promise.all(ids.slice(offset, offset + limit).map((id) => runHead(runs, id).catch(() => undefined)))
    const seen = heads.filter((head) => head !== undefined).filter(({ project }) => mayDo(context.get('caller'), 'read', project))
    return context.json({ runs: seen, total: ids.length }, 200)
  })

  api.openapi(createRoute({ ...read('/v1/runs/{run}', 'One run'), request: { params: z.object({ run: RunId }) }, responses: { 200: answer('Its manifest', Manifest), ...errors } }), async (context) => {
    const { run } = context.req.valid('param')
    const manifest = await manifestOf(run)
    allow(context, 'read', manifest.project)
    return context.json(manifest, 200)
  })

  async function manifestOf(run: string): Promise<Manifest> {
    const folder = await pickRun(runs, run)
    if ('problem' in folder) throw new Refused(404, { code: 'no_run', message: `there is no run ${run}` })
    return manifestOfRun(folder)
  }

  const Since = z.object({ run: RunId.optional(), since: z.coerce.number().int().min(0).default(0), limit: z.coerce.number().int().min(1).max(1000).default(500) })
  api.openapi(createRoute({ ...read('/v1/events', 'What has happened in a run, as far as it is on disk'), request: { query: Since }, responses: { 200: answer('Events behind `since`', EventPageTold), ...errors } }), async (context) => {
    const { run = desk.conductor.run?.id, since, limit } = context.req.valid('query')
    if (run === undefined) {
      allow(context, 'read', projectNow(desk))
      return context.json({ run: null, events: [], next: 0 }, 200)
    }
    allow(context, 'read', run === desk.conductor.run?.id ? projectNow(desk) : (await manifestOf(run)).project)
    const lines = (await desk.chain.read(run, since, MOST_CHARACTERS)).slice(0, limit)
    const events = lines.map(({ text }): Event => JSON.parse(text))
    return context.json({ run, events, next: lines.at(-1)?.seq ?? since }, 200)
  })
}
