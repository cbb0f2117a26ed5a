import { dropFiles, seenFromAfar, type SentFile } from '../app/dropped/drop-files.ts'
import type { Done, ErrorBody } from '../app/control-protocol.ts'
import type { Event } from '../core/events.ts'
import type { Refusal } from '../core/intents.ts'
import type { Author, Wish } from '../core/wish.ts'
import { runOf, type Desk } from './desk.ts'
import { Refused } from './refused.ts'

/** Characters of a step, at most: one with a large plan in it is told by its numbers. */
const MOST_CHARACTERS = 4_000_000

/** Wants something of the run that is open, or was the last. Throws `Refused` with the reason where it is not carried out. */
export async function carryOut(desk: Desk, wish: Wish, author: Author, ownKey: string | undefined): Promise<Done> {
  const key = ownKey === undefined ? undefined : `${author.by}/${ownKey}`
  return underKey(desk, key, wish, () => wanted(desk, wish, author, key))
}

async function wanted(desk: Desk, wish: Wish, author: Author, key: string | undefined): Promise<Done> {
  const { handle, id } = runOf(desk)
  if ('task' in wish && wish.task !== undefined && !handle.state.tasks.has(wish.task)) throw new Refused(404, { code: 'no_task', message: `there is no task "${wish.task}" in run ${id}` })
  const { refusal, events, before } = await desk.conductor.submit({ ...wish, ...author }, key)
  if (refusal !== undefined) throw refused(desk, refusal)
  return before === undefined ? { events: [...events] } : { events: await eventsOf(desk, id, before), before }
}

/** Does what was sent under a key, unless something else was. What is refused may be sent again under it, mended. */
export async function underKey<Result>({ keys }: Desk, key: string | undefined, sent: unknown, work: () => Promise<Result>): Promise<Result> {
  if (key === undefined) return work()
  if (!keys.take(key, sent)) throw new Refused(409, { code: 'key_reused', message: 'something else was sent under this idempotency-key, and this is not done; send it under another' })
  try {
    return await work()
  } catch (error) {
    keys.free(key)
    throw error
  }
}

/** What the run took in when it came first. */
async function eventsOf({ chain }: Desk, run: string, { from, to }: { from: number; to: number }): Promise<Event[]> {
  const lines = await chain.read(run, from - 1, MOST_CHARACTERS)
  return lines.filter(({ seq }) => seq <= to).map(({ text }): Event => JSON.parse(text))
}

/** Hands in files that lie on this machine. */
export async function addPaths(desk: Desk, paths: readonly string[]): Promise<Done> {
  const { refusal, events } = await desk.conductor.add(paths)
  if (refusal !== undefined) throw refused(desk, refusal)
  return { events: [...events] }
}

/** Hands in files that were sent; what is refused does not stay. */
export async function addSent(desk: Desk, files: readonly SentFile[]): Promise<Done> {
  const { workspace } = desk.conductor
  const dropped = await dropFiles(workspace, files)
  if ('problems' in dropped) throw refused(desk, { problems: dropped.problems, later: false })
  try {
    return await addPaths(desk, dropped.paths)
  } catch (error) {
    await dropped.takeBack()
    throw error
  }
}

export function refused({ conductor }: Desk, { problems, later }: Refusal): Refused {
  const told = seenFromAfar(conductor.workspace, problems)
  const error: ErrorBody['error'] = { code: 'refused', message: told.map(({ message }) => message).join('; '), problems: told, ...(later ? { later } : {}) }
  return new Refused(409, error)
}
