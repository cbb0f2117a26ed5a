import type { Intent, Refusal } from '../../core/intents.ts'
import type { Run } from '../run.ts'
import type { ShownRun } from '../screen.ts'

/** Opens a run that is over again, with what a person wants of it. */
export type Reopen = (run: Run, intent: Intent) => Promise<Refusal | undefined>

/**
 * A run that this process conducts. What a listener breaks is not the run's: it is told no more, and the run goes on.
 * @param failed is told what it broke with
 */
export function liveRun(run: Run, failed: (error: unknown) => void, reopen: Reopen): ShownRun {
  const { folder, path, handle } = run
  return {
    folder,
    path,
    is: 'live',
    state: handle.state,
    subscribe: (listener) => {
      const unsubscribe = handle.subscribe((event, state) => {
        try {
          listener(event, state)
        } catch (error) {
          unsubscribe()
          failed(error)
        }
      })
      return unsubscribe
    },
    send: (intent) => (handle.state.phase.phase === 'closed' && intent.type === 'retry' ? reopen(run, intent) : handle.send(intent)),
    now: () => Date.now(),
  }
}
