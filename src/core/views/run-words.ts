import type { RunState } from '../state.ts'
import type { QueuePlace } from './queue-order.ts'

/** How a run stands, for a person. */
export type RunStanding = 'starting' | 'running' | 'paused' | 'waiting for you' | 'held by budget' | 'waiting' | 'stopping' | 'stopped' | 'done' | 'failed' | 'cancelled'

/** @param at how many tasks stand at each place of the queue */
export function runStanding({ phase, paused, counts, tasks, left, budget }: RunState, at: Readonly<Record<QueuePlace, number>>): RunStanding {
  switch (phase.phase) {
    case 'empty':
      return 'starting'
    case 'draining':
    case 'stopping':
      return 'stopping'
    case 'stopped':
      return phase.phase
    case 'closed':
      return phase.status === 'succeeded' ? 'done' : phase.status
    case 'open':
      if (paused !== undefined) return 'paused'
      if (counts.running + counts.checking > 0) return 'running'
      if (budget.stopped) return 'held by budget'
      if (at.question + at.approval + at.review + at.quota > 0) return 'waiting for you'
      if (at.money + at.budget > 0) return 'held by budget'
      if (at.paused > 0) return 'paused'
      // Where all is done, the last files are being marked.
      return left === 0 && tasks.size > 0 ? 'running' : 'waiting'
  }
}
