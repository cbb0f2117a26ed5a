import { eventId, eventPlace } from '../control/protocol.ts'
import type { Event } from '../core/events.ts'
import { reduce } from '../core/reduce.ts'
import { emptyState, type RunState } from '../core/state.ts'
import { readEvents } from '../store/read-events.ts'
import { runFolder, type RunFolder } from '../store/run-folder.ts'
import type { EventPlace } from './event-chain.ts'
import { conductedRun, type ControlClient } from './handed-in/reach-conductor.ts'
import type { Workspace } from './workspace.ts'

/** What has happened, and the state that it has led to, which changes in place. */
export type Followed = { folder: RunFolder; event: Event; state: RunState }

/**
 * What a conductor in another process does, in one run after the other, until it is gone.
 * @param after absent: from the beginning of the run that is open, or of the first that comes
 */
export async function* followConductor({ runs }: Workspace, client: ControlClient, after: EventPlace | undefined, signal: AbortSignal): AsyncGenerator<Followed> {
  let now: { folder: RunFolder; state: RunState } | undefined
  for await (const { run, event } of client.events(after, signal)) {
    if (now?.folder.id !== run) now = await before(runFolder(runs, run), event.seq)
    reduce(now.state, event)
    yield { ...now, event }
  }
  if (signal.aborted) return
  // It may have gone before it had told all that is in its log.
  if (now === undefined && after !== undefined) now = await before(runFolder(runs, after.run), after.seq + 1)
  if (now !== undefined) yield* rest(now)
}

async function* rest({ folder, state }: { folder: RunFolder; state: RunState }): AsyncGenerator<Followed> {
  const untold: Event[] = []
  await readEvents(folder.events, (event) => event.seq > state.seq && untold.push(event))
  for (const event of untold) {
    reduce(state, event)
    yield { folder, state, event }
  }
}

/** A run as it stood before one of its events. */
async function before(folder: RunFolder, seq: number): Promise<{ folder: RunFolder; state: RunState }> {
  const state = emptyState()
  if (seq > 1) await readEvents(folder.events, (event) => event.seq < seq && reduce(state, event))
  return { folder, state }
}

/**
 * The run that a conductor in another process has open, or had last, and each that it opens after it, until it is gone. Throws
 * what the conductor says where it does not tell.
 */
export async function* runsOf({ runs }: Workspace, client: ControlClient, signal: AbortSignal): AsyncGenerator<RunFolder> {
  const now = await conductedRun(client)
  if ('problem' in now) throw new Error(now.problem)
  let last = now.run
  if (last !== undefined) yield runFolder(runs, last)
  const after = last === undefined ? undefined : eventId({ run: last, seq: now.seq })
  for await (const { id = '' } of client.sse('/v1/events/stream', { after, signal })) {
    const run = eventPlace(id)?.run
    if (run === undefined || run === last) continue
    last = run
    yield runFolder(runs, run)
  }
}
