import type { Random } from '../random.ts'

/** Something that goes wrong, and what has to hold all the same. */
export type Fault = {
  /** As it is said after `--only`. */
  name: string
  /** What is done, in a line. */
  about: string
  /**
   * Does it, again and again. Throws where something does not hold, with what is needed to see it again.
   * @returns what was seen, in a line: how often, and what came of it; or why it was skipped
   */
  run: (chaos: Chaos) => Promise<Seen>
}

export type Seen = { seen: string } | { skipped: string }

/** What a fault is given. All that is left to chance comes from `random`, so that a seed repeats it. */
export type Chaos = {
  seed: number
  random: Random
  /** Whether there is time for all of it; otherwise all faults together take a minute or two. */
  long: boolean
  /** An empty folder, which is gone afterwards. */
  dir: string
  /** Tells a person who waits how far it is. */
  say: (text: string) => void
}
