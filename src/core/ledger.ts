import * as z from 'zod'
import { Usage } from './outcome.ts'

/** What a line of the ledger is about. */
const about = {
  v: z.literal(1),
  /** When it was written down (ISO 8601, UTC). */
  at: z.iso.datetime(),
  /** The day that it counts for: the one its attempt began on, in the time zone of the budget. */
  day: z.iso.date(),
  project: z.string(),
  run: z.string(),
  task: z.string(),
  attempt: z.number().int().positive(),
  /** Where it ran. */
  provider: z.string(),
  model: z.string().optional(),
  tier: z.string().optional(),
}

/** One line of `runs/ledger/YYYY-MM.jsonl`. There is one settlement for each attempt, by run, task and attempt. */
export const LedgerLine = z.discriminatedUnion('type', [
  z.object({
    ...about,
    type: z.literal('settled'),
    usage: Usage.optional(),
    micro_usd: z.number().int().nonnegative(),
    /** The cost is not known: it is what had been set aside, or an assumption. */
    estimated: z.boolean(),
    /** It came from the cache. */
    cached: z.literal(true).optional(),
    result: z.enum(['answered', 'failed']),
  }),
  /** A person knows better what an attempt has cost. */
  z.object({
    ...about,
    type: z.literal('corrected'),
    /** What is added to the settlement; less than zero where it was too high. */
    micro_usd: z.number().int(),
    reason: z.string(),
    by: z.string(),
  }),
])
export type LedgerLine = z.infer<typeof LedgerLine>
export type SettledLine = Extract<LedgerLine, { type: 'settled' }>

/** Names the attempt that a line is about. */
export function attemptKey({ run, task, attempt }: Pick<LedgerLine, 'run' | 'task' | 'attempt'>): string {
  return `${run}/${task}/${attempt}`
}
