import type { Intent } from '../core/intents.ts'
import type { Submitted } from '../runtime/loop.ts'
import type { Run } from './run.ts'
import type { Workspace } from './workspace.ts'

/** How a conductor is to stop. `drain`: what runs may come to its end first; `grace`: for some seconds; `now`: it is interrupted. */
export type StopHow = 'drain' | 'grace' | 'now'

/** A conductor that works, as doors to it see it. */
export type Conductor = {
  readonly workspace: Workspace
  /** The run that is open, or was the last; none before the first. */
  readonly run: Run | undefined
  /** Calls back with each run that is opened or taken up from now on. Call the result to end that. */
  onRun: (call: (run: Run) => void) => () => void
  /**
   * Hands in what a person wants of the run. Resolves when it is decided on, and what it caused is on disk.
   * @param key what was done under this key before, in this run, is not done again: its events are told once more
   */
  submit: (intent: Intent, key?: string) => Promise<Submitted>
  /** Takes task files into the open run, or opens one with them. @param paths absolute */
  add: (paths: readonly string[]) => Promise<Submitted>
  /** Leaves, once. A second wish makes it leave at once. */
  stop: (how: StopHow, by: string) => void
}
