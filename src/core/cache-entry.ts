import * as z from 'zod'
import { Usage } from './outcome.ts'

/** A file as a command left it. */
const KeptFile = z.object({
  /** Relative to the task's output folder. */
  path: z.string(),
  /** Its bytes, in base64. */
  content: z.string(),
  executable: z.literal(true).optional(),
})
export type KeptFile = z.infer<typeof KeptFile>

/** An answer as the cache keeps it. It came to its end, and passed what was asked of it. */
export const CacheEntry = z.object({
  v: z.literal(1),
  /** When it was kept (ISO 8601, UTC). */
  made_at: z.iso.datetime(),
  text: z.string(),
  files: z.array(KeptFile).optional(),
  /** Who gave the answer, and what that took. */
  provider: z.string(),
  model: z.string().optional(),
  usage: Usage.optional(),
  /** Absent where the provider did not say. */
  cost_micro_usd: z.number().int().nonnegative().optional(),
})
export type CacheEntry = z.infer<typeof CacheEntry>
