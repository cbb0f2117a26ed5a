import * as z from 'zod'
import { Event } from '../core/events.ts'
import { Problem } from '../core/problem.ts'
import { SHARED_LIMITS } from '../core/budget.ts'
import { TASK_STATUSES } from '../core/task-state.ts'
import { TaskId } from '../core/task.ts'
import { ManifestHead } from '../core/views/manifest.ts'
import { ProviderAway } from '../core/views/providers-away.ts'
import { RunNow } from '../core/views/run-now.ts'
import { TaskRow } from '../core/views/task-detail.ts'

/*
 * What is said over the control server, on both sides of it.
 */

/** Runs are named by when they began; see `store/run-folder.ts`. */
export const RunId = z.string().regex(/^\d{8}-\d{6}-[0-9a-f]{4}$/, 'an id of a run, such as 20261120-140211-7f3a')

/** Who says it, over the Unix socket, where everybody is the owner. */
export const BY_HEADER = 'x-tutti-by'
/** Where they stand: `cli` or `screen`. */
export const DOOR_HEADER = 'x-tutti-door'
/** What a wish is done once under. */
export const KEY_HEADER = 'idempotency-key'

export const ErrorBody = z.object({
  error: z.object({
    /** For programs. */
    code: z.string(),
    /** What happened and what to do next. */
    message: z.string(),
    /** What is wrong, where something has to be mended. */
    problems: z.array(Problem).optional(),
    /** It can be done later: once the run that is open is over, or this one is taken up again. */
    later: z.boolean().optional(),
  }),
})
export type ErrorBody = z.infer<typeof ErrorBody>

const seq = z.number().int().nonnegative()

export const StateNow = z.object({
  conductor: z.object({ pid: z.number().int().positive(), version: z.string() }),
  /** The run that is open, or was the last; null before the first. */
  run: RunNow.nullable(),
})
export type StateNow = z.infer<typeof StateNow>

export const TaskPage = z.object({
  run: z.string().nullable(),
  tasks: z.array(TaskRow),
  /** How many there are that meet the filter. */
  total: z.number().int().nonnegative(),
})

export const GraphNow = z.object({
  run: z.string().nullable(),
  tasks: z.array(z.object({ id: TaskId, title: z.string(), type: z.string().optional(), status: z.enum(TASK_STATUSES), layer: z.number().int().positive(), critical: z.boolean(), depends_on: z.array(TaskId) })),
})

/** An entry says more than this; what it says depends on what is waited for. */
export const InboxNow = z.object({
  run: z.string().nullable(),
  entries: z.array(z.looseObject({ task: TaskId, title: z.string(), since: z.string(), waits: z.string() })),
  /** Providers whose quota is used up; `POST /v1/wishes/retry-now` has them asked at once. */
  quotas: z.array(ProviderAway),
})

export const BudgetNow = z.object({
  run: z.string().nullable(),
  limits: z.array(
    z.object({
      limit: z.enum(SHARED_LIMITS),
      of: z.string(),
      spent_micro_usd: z.number().int(),
      reserved_micro_usd: z.number().int(),
      max_micro_usd: z.number().int().nullable(),
      free_micro_usd: z.number().int().nullable(),
      state: z.enum(['free', 'warned', 'used up']),
    }),
  ),
})

export const RunPage = z.object({ runs: z.array(ManifestHead), total: z.number().int().nonnegative() })

export const EventPage = z.object({
  run: z.string().nullable(),
  events: z.array(Event),
  /** What to ask for next with `since`. */
  next: seq,
})

export const LogPage = z.object({
  run: z.string(),
  task: TaskId,
  attempt: z.number().int().positive(),
  text: z.string(),
  /** Bytes: where the text begins, where the next one begins, and how much there is so far. */
  from: seq,
  next: seq,
  size: seq,
  /** Whether the attempt has ended: nothing comes after `size`. */
  over: z.boolean(),
})

/** What a wish has caused. */
export const Done = z.object({
  events: z.array(Event),
  /** It had been done before, under the same key: the numbers of the events that it caused then. */
  before: z.object({ from: z.number().int().positive(), to: z.number().int().positive() }).optional(),
})
export type Done = z.infer<typeof Done>

export const StopHow = z.enum(['drain', 'grace', 'now'])


export function eventId({ run, seq: number }: { run: string; seq: number }): string {
  return `${run}:${number}`
}

/** The place that an id stands for, if it is one. */
export function eventPlace(id: string): { run: string; seq: number } | undefined {
  const [, run = '', number = ''] = /^(\d{8}-\d{6}-[0-9a-f]{4}):(\d{1,15})$/.exec(id) ?? []
  return run === '' ? undefined : { run, seq: Number(number) }
}
