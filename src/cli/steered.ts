import type { Conductor } from '../app/conductor.ts'
import { goOnWhenHungUp } from './conductor-log.ts'
import { openDoors, type DoorOptions } from './open-doors.ts'
import { followConfig } from './follow-config.ts'
import { stopOnSignal } from './signals.ts'

/** Does something while other terminals, programs and the configuration steer the conductor. */
export async function withDoors<Result>(conductor: Conductor, doors: DoorOptions, work: () => Promise<Result>): Promise<Result> {
  const unfollow = followConfig(conductor)
  const shut = await openDoors(conductor, doors)
  try {
    return await work()
  } finally {
    unfollow()
    await shut()
  }
}

/** Waits for something while nobody looks: signals end it, a line that drops does not. */
export async function headless<Result>(conductor: Conductor, until: Promise<Result>): Promise<Result> {
  const ends = [stopOnSignal(conductor), goOnWhenHungUp(conductor.workspace)]
  try {
    return await until
  } finally {
    for (const end of ends) end()
  }
}
