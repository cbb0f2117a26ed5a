import type { Conductor } from '../app/conductor.ts'
import type { Doors } from './command.ts'
import { complain, err } from './terminal.ts'

/** @param listen `HOST:PORT`, where the door to a network is asked for */
export type DoorOptions = { doors: Doors; listen: string | undefined }

/**
 * Opens the doors of a conductor to other terminals and programs. What cannot be opened is said; the work goes on.
 * @returns shuts them
 */
export async function openDoors(conductor: Conductor, { doors, listen = conductor.workspace.config.remote.listen ?? undefined }: DoorOptions): Promise<() => Promise<void>> {
  if (doors.openControl === undefined) return () => Promise.resolve()
  const gatekeeper = listen === undefined ? undefined : (await import('../app/gatekeeper.ts')).gatekeeperOf(conductor.workspace)
  const { addresses, problems, close } = await doors.openControl(conductor, { listen, gatekeeper })
  complain(problems, 'warning')
  if (addresses.http !== undefined) err(`listening on ${addresses.http}; tutti token create gives tokens for it`)
  return close
}
