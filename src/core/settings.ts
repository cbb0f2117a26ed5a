import { z } from 'zod'

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

  providers: z.record(z.string(), z.object({ type: z.string(), model: z.string().optional() })),
  /** Used where neither the task nor a tier says; the rehearsal when nothing is configured. */
  default_provider: z.string(),
  tiers: z.record(z.string(), z.array(z.object({ provider: z.string(), model: z.string().optional() }))),
  routing: z.object({ default_tier: z.string().optional(), by_type: z.record(z.string(), z.string()) }),
  /** The choice of this run (`--provider`, `--model`, `TUTTI_PROVIDER`, `TUTTI_MODEL`, `PROVIDER`). */
  override: z.object({ provider: z.string().optional(), model: z.string().optional() }),

  approval: z.object({ mode: z.enum(['required', 'auto']), auto_approve_types: z.array(z.string()) }),
  /** When only held tasks are left: `leave` ends the conductor, `stay` waits for a person. */
  when_held: z.enum(['leave', 'stay']),
  /** Characters of each dependency's output that are forwarded into a prompt. */
  context_max_chars: z.number().int().nonnegative(),
})
export type Settings = z.infer<typeof Settings>
