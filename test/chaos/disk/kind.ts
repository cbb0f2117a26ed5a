import type { Random } from '../../random.ts'
import type { Mounts } from './mounts.ts'

/** One thing that goes wrong with what a run is kept on. */
export type Kind = {
  name: string
  /**
   * Does it. Throws where something does not hold.
   * @returns what was seen, in a few words; or why it was skipped
   */
  run: (given: Given) => Promise<string>
}

export type Given = {
  random: Random
  long: boolean
  /** An empty folder. */
  dir: string
  mounts: Mounts | { skipped: string }
}
