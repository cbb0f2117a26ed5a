import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { connectControl, type ControlClient } from '../../control/client.ts'
import { StateNow } from '../../control/protocol.ts'
import type { Author } from '../../core/wish.ts'
import type { StopHow } from '../conductor.ts'
import { conductorOf } from '../lock.ts'
import type { Workspace } from '../workspace.ts'

export type { ControlClient } from '../../control/client.ts'

/** Who asks a conductor for something, and from where. */
export type Asking = Author & { door: 'cli' | 'screen' }

/** One that has just begun, or is about to leave, is waited for so long. */
const PATIENCE_MS = 5_000
const LOOK_MS = 50

/**
 * The conductor of a workspace, in another process; undefined where there is none.
 * @returns or why it cannot be asked for anything
 */
export async function reachConductor(workspace: Workspace, asking: Asking): Promise<ControlClient | { problem: string } | undefined> {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    const client = await connectControl(workspace.runs, asking)
    if (client !== undefined) return client
    const pid = await conductorOf(workspace)
    if (pid === undefined) return undefined
    if (performance.now() > until) return { problem: `a conductor works in this workspace (process ${pid}), and does not answer; to end it: kill ${pid}` }
    await sleep(LOOK_MS)
  }
}

/** The run that a conductor has open, or had last. */
export async function conductedRun(client: ControlClient): Promise<{ run: string | undefined; seq: number } | { problem: string }> {
  const said = await client.get('/v1/state', StateNow)
  switch (said.said) {
    case 'yes':
      return { run: said.value.run?.run, seq: said.value.run?.seq ?? 0 }
    case 'no':
      return { problem: said.error.message }
    case 'nothing':
      return { problem: said.problem }
  }
}

/** Wants a conductor to leave. @returns why it does not */
export async function stopConductor(client: ControlClient, how: StopHow): Promise<string | undefined> {
  const said = await client.post('/v1/stop', { how }, z.looseObject({}))
  switch (said.said) {
    case 'yes':
      return undefined
    case 'no':
      return said.error.message
    case 'nothing':
      return said.problem
  }
}

/** How many tasks are at work under a conductor; undefined where it does not say. */
export async function runningNow(client: ControlClient): Promise<number | undefined> {
  const said = await client.get('/v1/state', StateNow)
  if (said.said !== 'yes') return undefined
  const { running = 0, checking = 0 } = said.value.run?.counts ?? {}
  return running + checking
}
