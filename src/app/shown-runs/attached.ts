import { Done } from '../../control/protocol.ts'
import type { Intent, Refusal } from '../../core/intents.ts'
import { Wish } from '../../core/wish.ts'
import type { RunFolder } from '../../store/run-folder.ts'
import { stopConductor, type ControlClient } from '../handed-in/reach-conductor.ts'
import type { ShownRun } from '../screen.ts'
import { followedRun } from './followed.ts'

/**
 * A run that a conductor in another process has open: what a person wants is sent there.
 * @param failed is told once why its log cannot be followed any further
 */
export async function attachedRun(client: ControlClient, folder: RunFolder, failed: (problem: string) => void): Promise<ShownRun> {
  const followed = await followedRun(folder, failed)
  return { ...followed, send: (intent) => send(client, followed.path, intent) }
}

async function send(client: ControlClient, path: string, intent: Intent): Promise<Refusal | undefined> {
  const refused = (message: string): Refusal => ({ problems: [{ file: path, message }], later: false })
  if (intent.type === 'stop') {
    const why = await stopConductor(client, intent.drain === undefined ? 'now' : 'grace')
    return why === undefined ? undefined : refused(why)
  }
  const wish = Wish.safeParse(intent)
  if (!wish.success) return refused('that cannot be wanted from here')
  const { type, ...fields } = wish.data
  const said = await client.post(`/v1/wishes/${type}`, fields, Done)
  switch (said.said) {
    case 'yes':
      return undefined
    case 'no':
      return said.error.problems === undefined ? refused(said.error.message) : { problems: said.error.problems, later: said.error.later === true }
    case 'nothing':
      return refused(said.problem)
  }
}
