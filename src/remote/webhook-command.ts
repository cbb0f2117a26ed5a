import * as z from 'zod'
import { taskFileNamed } from '../app/dropped/drop-files.ts'
import { logChunk } from '../app/log-chunk.ts'
import { oneLine } from '../core/sanitize.ts'
import { TaskId } from '../core/task.ts'
import { plural } from '../core/units.ts'
import { countsText } from '../core/views/rows.ts'
import { toGate, type Author, type Wish } from '../core/wish.ts'
import { addPaths, addSent, carryOut, refused } from './carry-out.ts'
import { runOf, type Desk } from './desk.ts'
import { Refused } from './refused.ts'

const task = { task: TaskId }
const command = <Name extends string, Params extends z.ZodType>(name: Name, params: Params) => z.object({ command: z.literal(name), params })

/** What a bot can want, in the words that its users type. */
export const WebhookCommand = z.discriminatedUnion('command', [
  command('start', z.union([z.strictObject({ file: z.string().min(1).max(500) }), z.strictObject({ content: z.string().min(1), name: z.string().max(100).optional() })])),
  command('status', z.object({}).optional()),
  /** Without a task: all that waits for leave to run. */
  command('approve', z.strictObject({ task: TaskId.optional(), ...toGate, comment: z.string().optional() }).default({})),
  command('pause', z.strictObject({ task: TaskId.optional() }).default({})),
  command('resume', z.strictObject({ task: TaskId.optional() }).default({})),
  command('skip', z.strictObject(task)),
  command('answer', z.union([z.strictObject({ ...task, ...toGate, answer: z.string() }), z.strictObject({ ...task, ...toGate, answers: z.array(z.string()) })])),
  command('logs', z.strictObject({ ...task, bytes: z.int().min(1).max(64_000).default(2_000) })),
])
export type WebhookCommand = z.infer<typeof WebhookCommand>

/** A sentence for a chat, and more for those who look. */
export type WebhookReply = { ok: true; message: string; [more: string]: unknown }

const AUTHOR: Author = { by: 'webhook', door: 'webhook' }

export async function obey(desk: Desk, wanted: WebhookCommand, key: string | undefined): Promise<WebhookReply> {
  const want = (wish: Wish) => carryOut(desk, wish, AUTHOR, key)
  switch (wanted.command) {
    case 'start':
      return start(desk, wanted.params)
    case 'status':
      return statusReply(desk)
    case 'approve': {
      const { task: id, ...more } = wanted.params
      await want(id === undefined ? { type: 'approve-all' } : { type: 'approve', task: id, ...more })
      return { ok: true, message: id === undefined ? 'approved all that waited for it' : `approved ${id}` }
    }
    case 'pause':
      await want({ type: 'pause', task: wanted.params.task })
      return { ok: true, message: `paused ${wanted.params.task ?? 'the run'}: what runs comes to its end` }
    case 'resume':
      await want({ type: 'unpause', task: wanted.params.task })
      return { ok: true, message: `${wanted.params.task ?? 'the run'} goes on` }
    case 'skip':
      await want({ type: 'skip', task: wanted.params.task })
      return { ok: true, message: `skipped ${wanted.params.task}` }
    case 'answer':
      await want({ type: 'answer', ...answered(wanted.params) })
      return { ok: true, message: `answered ${wanted.params.task}` }
    case 'logs':
      return lastWords(desk, wanted.params)
  }
}

async function start(desk: Desk, params: { file: string } | { content: string; name?: string | undefined }): Promise<WebhookReply> {
  if ('content' in params) {
    const name = params.name ?? `webhook-${Date.now().toString(36)}.md`
    return started(await addSent(desk, [{ name, content: params.content }]))
  }
  const named = taskFileNamed(desk.conductor.workspace, params.file)
  if ('problem' in named) throw refused(desk, { problems: [named.problem], later: false })
  return started(await addPaths(desk, [named.path]))
}

function started({ events }: { events: readonly { type: string }[] }): WebhookReply {
  const added = events.filter(({ type }) => type === 'task.added').length
  return { ok: true, message: added === 0 ? 'nothing new is in it' : `started ${plural(added, 'task')}`, tasks: added }
}

export function statusReply({ conductor }: Desk): WebhookReply {
  const state = conductor.run?.handle.state
  if (state === undefined) return { ok: true, message: 'no run has begun yet', run: null }
  const { run, phase, paused, counts } = state
  const how = phase.phase === 'closed' ? phase.status : paused === undefined ? phase.phase : `paused by ${oneLine(paused, 60)}`
  return { ok: true, message: `run ${run.slice(-4)} ${how}: ${countsText(counts)}`, run, phase: phase.phase, counts: { ...counts } }
}

/** The end of what a task has said so far. */
async function lastWords(desk: Desk, { task: id, bytes }: { task: string; bytes: number }): Promise<WebhookReply> {
  const { folder, handle } = runOf(desk)
  const found = handle.state.tasks.get(id)
  if (found === undefined) throw new Refused(404, { code: 'no_task', message: `there is no task "${id}" in this run` })
  const attempt = found.attempts.length
  if (attempt === 0) return { ok: true, message: `${id} has not started`, text: '' }
  const { size } = await logChunk(folder, id, attempt, 0, 0)
  const { text } = await logChunk(folder, id, attempt, Math.max(0, size - bytes), bytes)
  // It may begin within a character.
  return { ok: true, message: `${id}, attempt ${attempt}: ${found.state.status}`, text: text.replace(/^\ufffd+/, ''), attempt }
}

type Answered = Extract<WebhookCommand, { command: 'answer' }>['params']

function answered(params: Answered) {
  if ('answers' in params) return params
  const { answer, ...rest } = params
  return { ...rest, answers: [answer] }
}
