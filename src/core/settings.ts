import * as z from 'zod'
import { OnQuestion, OnTimeout } from './gate-defaults.ts'
import { CacheMode } from './task.ts'

const limit = z.number().int().nonnegative().nullable()
const NO_LIMIT = { day: null, month: null, project: null, run: null, task: null }

/** What may be spent, in micro-dollars; null: no limit. */
const Budget = z.object({
  day: limit,
  month: limit,
  project: limit,
  run: limit,
  /** For a task that does not say. */
  task: limit,
  warn_at_pct: z.number(),
  on_limit: z.enum(['hold', 'downgrade', 'stop']),
  /** Where days and months turn. */
  time_zone: z.string(),
})

/**
 * What of the configuration and the command line steers the loop. It is recorded when a run opens and
 * when it is resumed, so that a log can be replayed without the configuration. It holds no secret.
 */
export const Settings = z.object({
  /** Attempts that may run at once, over all providers. */
  max_concurrent: z.number().int().positive(),
  /** Attempts that may run at once on one provider, by its name. */
  per_provider: z.record(z.string(), z.number().int().positive()),
  /** Further attempts after the first, where the task does not say. */
  retries: z.number().int().nonnegative(),
  /** Seconds for one attempt, where the task does not say. */
  timeout_s: z.number().positive(),

  /** `agent`: a program that works and spends by itself. */
  providers: z.record(z.string(), z.object({ type: z.string(), model: z.string().optional(), agent: z.literal(true).optional() })),
  /** Used where neither the task nor a tier says; the rehearsal when nothing is configured. */
  default_provider: z.string(),
  /** Cheapest first. */
  tiers: z.record(z.string(), z.array(z.object({ provider: z.string(), model: z.string().optional() }))),
  routing: z.object({
    default_tier: z.string().optional(),
    by_type: z.record(z.string(), z.string()),
    /** The highest tier that tasks move up to by themselves. */
    max_tier: z.string().optional(),
    /** Seconds a provider may be down before it is given up until a person takes the run up again. */
    patience_s: z.number().positive().default(600),
  }),
  /** The choice of this run (`--provider`, `--model`, `TUTTI_PROVIDER`, `TUTTI_MODEL`, `PROVIDER`). */
  override: z.object({ provider: z.string().optional(), model: z.string().optional() }),

  approval: z.object({
    mode: z.enum(['required', 'auto']),
    auto_approve_types: z.array(z.string()),
    /** Tasks of these types are reviewed. */
    checkpoint_after_types: z.array(z.string()).default([]),
  }),
  /** Where a task does not say: when nobody answers, and what may be asked. */
  gates: z
    .object({ timeout_s: z.number().positive().nullable(), on_timeout: OnTimeout, on_question: OnQuestion, max_questions: z.number().int().nonnegative() })
    .default({ timeout_s: null, on_timeout: 'hold', on_question: 'hold', max_questions: 5 }),
  /** When nothing goes on by itself: `leave` ends the conductor, `stay` waits for a person, a provider or another day. */
  when_held: z.enum(['leave', 'stay']),
  /** Characters of each dependency's output that are forwarded into a prompt. */
  context_max_chars: z.number().int().nonnegative(),

  /** Seconds, where the task does not say; null: as long as the attempt may take. */
  first_token_timeout_s: z.number().positive().nullable().default(null),
  idle_timeout_s: z.number().positive().nullable().default(null),
  /** Output tokens of an attempt that is paid for by tokens, where the task does not say. */
  max_tokens: z.number().int().positive().default(8192),
  budget: Budget.default({ ...NO_LIMIT, warn_at_pct: 80, on_limit: 'hold', time_zone: 'UTC' }),
  cache: CacheMode.default('off'),
  /** The choice of this run (`--no-cache`), whatever its tasks say. */
  no_cache: z.boolean().default(false),
})
export type Settings = z.infer<typeof Settings>
