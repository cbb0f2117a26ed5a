import * as z from 'zod'
import type { RunState } from '../state.ts'
import { TASK_STATUSES } from '../task-state.ts'
import { withoutUndefined } from './without-undefined.ts'

/** A run as it stands, in a few words: what a program asks first. */
export const RunNow = z.object({
  run: z.string(),
  project: z.string(),
  phase: z.enum(['empty', 'open', 'draining', 'stopping', 'stopped', 'closed']),
  /** How it ended. */
  status: z.enum(['succeeded', 'failed', 'cancelled']).optional(),
  /** Why its conductor leaves, or has left. */
  reason: z.string().optional(),
  /** Who has paused it. */
  paused: z.string().optional(),
  opened_at: z.string(),
  ended_at: z.string().optional(),
  /** Tasks by their status. */
  counts: z.record(z.enum(TASK_STATUSES), z.number().int().nonnegative()),
  /** Tasks that have not ended. */
  left: z.number().int().nonnegative(),
  /** The number of its last event. */
  seq: z.number().int().nonnegative(),
})
export type RunNow = z.infer<typeof RunNow>

export function runNow({ run, project, phase, paused, opened_at, ended_at, counts, left, seq }: RunState): RunNow {
  return withoutUndefined({
    run,
    project,
    phase: phase.phase,
    status: phase.phase === 'closed' ? phase.status : undefined,
    reason: 'reason' in phase ? phase.reason : undefined,
    paused,
    opened_at,
    ended_at: phase.phase === 'closed' ? ended_at : undefined,
    counts: { ...counts },
    left,
    seq,
  })
}
