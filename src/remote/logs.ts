import { setTimeout as sleep } from 'node:timers/promises'
import { createRoute } from '@hono/zod-openapi'
import * as z from 'zod'
import { LogPage } from '../app/control-protocol.ts'
import { logChunk } from '../app/log-chunk.ts'
import type { Run } from '../app/run.ts'
import { hasEnded, type Task } from '../core/task-state.ts'
import { TaskId } from '../core/task.ts'
import { allow, answer, errors, projectNow, runOf, type Api, type Desk } from './desk.ts'
import { Refused } from './refused.ts'
import { message, streamed } from './stream.ts'

/** Bytes of a log in one answer, at most. */
const MOST_BYTES = 64 * 1024
/** How often a log that grows is looked at. */
const LOOK_MS = 200

const Attempt = z.coerce.number().int().positive().optional().describe('Which attempt; the last one where absent')
const Offset = z.coerce.number().int().min(0)

/** What tasks of the run say while they run. Places in a log are bytes. */
export function addLogs(api: Api, desk: Desk): void {
  const query = z.object({ attempt: Attempt, offset: Offset.default(0), limit: z.coerce.number().int().min(4).max(MOST_BYTES).default(MOST_BYTES) })
  const params = z.object({ task: TaskId })
  const summary = 'What a task has said'
  api.openapi(createRoute({ method: 'get', path: '/v1/tasks/{task}/log', summary, request: { params, query }, responses: { 200: answer('A part of the log', LogPage), ...errors } }), async (context) => {
    allow(context, 'read', projectNow(desk))
    const { attempt: wanted, offset, limit } = context.req.valid('query')
    const run = runOf(desk)
    const task = taskIn(run, context.req.valid('param').task)
    const attempt = attemptOf(task, wanted)
    // Asked before it is read: what was written last is in it then.
    const over = isOver(task, attempt)
    const chunk = await logChunk(run.folder, task.spec.id, attempt, offset, limit)
    return context.json({ run: run.id, task: task.spec.id, attempt, ...chunk, over: over && chunk.next >= chunk.size }, 200)
  })

  const stream = createRoute({
    method: 'get',
    path: '/v1/tasks/{task}/log/stream',
    summary: 'What a task says, as it says it, attempt after attempt until it has ended',
    request: { params, query: z.object({ attempt: Attempt, offset: Offset.default(0) }), headers: z.object({ 'last-event-id': z.string().max(100).optional() }) },
    responses: { ...errors, 200: { description: 'Server-sent events: `{attempt, text, from, next}`, and one named `end` with the status of the task', content: { 'text/event-stream': { schema: z.string() } } } },
  })
  api.openapi(stream, (context) => {
    allow(context, 'read', projectNow(desk))
    const run = runOf(desk)
    const task = taskIn(run, context.req.valid('param').task)
    const { attempt, offset } = context.req.valid('query')
    const place = placeOf(run, context.req.valid('header')['last-event-id']) ?? { attempt: attempt ?? Math.max(1, task.attempts.length), from: offset }
    return streamed(desk, context, (signal) => follow(run, task, place, signal))
  })
}

/** Ids of such a stream: `<run>:<attempt>:<byte>`. */
function placeOf(run: Run, lastId: string | undefined): { attempt: number; from: number } | undefined {
  if (lastId === undefined || lastId === '') return undefined
  const [, id, attempt, from] = /^(.{1,30}):(\d{1,9}):(\d{1,15})$/.exec(lastId) ?? []
  if (id === undefined || Number(attempt) < 1) throw new Refused(400, { code: 'invalid', message: 'last-event-id: is none of ours; begin again without one' })
  // Another run has begun meanwhile, and its task of this name has a log of its own.
  return id === run.id ? { attempt: Number(attempt), from: Number(from) } : undefined
}

async function* follow({ id, folder, handle }: Run, { spec }: Task, place: { attempt: number; from: number }, signal: AbortSignal): AsyncGenerator<string> {
  let { attempt, from } = place
  while (!signal.aborted) {
    const now = handle.state.tasks.get(spec.id)
    const isDone = now !== undefined && isOver(now, attempt)
    const { text, next } = await logChunk(folder, spec.id, attempt, from, MOST_BYTES)
    if (next > from) {
      yield message(`${id}:${attempt}:${next}`, JSON.stringify({ attempt, text, from, next }))
      from = next
    } else if (isDone && now.attempts.length > attempt) {
      attempt++
      from = 0
    } else if (now !== undefined && hasEnded(now.state.status) && now.attempts.length <= attempt) {
      return yield message(undefined, JSON.stringify({ status: now.state.status }), 'end')
    } else await sleep(LOOK_MS, undefined, { signal, ref: false }).catch(() => {})
  }
}

function taskIn({ handle }: Run, id: string): Task {
  const task = handle.state.tasks.get(id)
  if (task === undefined) throw new Refused(404, { code: 'no_task', message: `there is no task "${id}" in this run` })
  return task
}

function attemptOf({ attempts, spec }: Task, wanted: number | undefined): number {
  const attempt = wanted ?? attempts.length
  if (attempt < 1 || attempt > attempts.length) throw new Refused(404, { code: 'no_attempt', message: `"${spec.id}" had ${attempts.length} attempts so far` })
  return attempt
}

function isOver({ attempts }: Task, attempt: number): boolean {
  return attempts[attempt - 1]?.ended_at !== undefined
}
