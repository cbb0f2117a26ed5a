import { z } from 'zod'

const text = z.string().nullish().catch(undefined)
const count = z.number().int().nonnegative().optional().catch(undefined)
const status = z.number().int().nullish().catch(undefined)

const ToolInput = z.record(z.string(), z.unknown()).catch({})

/** A part of a message; `content` is what a tool gave back. */
const Block = z.object({
  type: z.string(),
  text,
  name: text,
  input: ToolInput.optional(),
  content: z.union([z.string(), z.array(z.object({ text }))]).optional().catch(undefined),
  is_error: z.boolean().optional().catch(undefined),
})
export type Block = z.infer<typeof Block>

const Message = z.object({ content: z.array(Block.catch({ type: 'unknown' })).catch([]) }).catch({ content: [] })

const Result = z.object({
  type: z.literal('result'),
  /** `success` for an API failure too: `is_error` tells. */
  subtype: text,
  is_error: z.boolean().catch(true),
  result: text,
  errors: z.array(z.string()).optional().catch(undefined),
  stop_reason: text,
  num_turns: count,
  terminal_reason: text,
  api_error_status: status,
  api_error_type: text,
  total_cost_usd: z.number().nonnegative().optional().catch(undefined),
  /** Of this call alone; what comes from the cache, or goes into it, is not part of `input_tokens`. */
  usage: z
    .object({ input_tokens: count, cache_creation_input_tokens: count, cache_read_input_tokens: count, output_tokens: count })
    .optional()
    .catch(undefined),
  /** Of the whole session, by model. */
  modelUsage: z.record(z.string(), z.object({ costBasis: text })).optional().catch(undefined),
  permission_denials: z.array(z.object({ tool_name: z.string(), tool_input: ToolInput.optional() })).catch([]),
})
export type Result = z.infer<typeof Result>

const System = z.object({
  type: z.literal('system'),
  subtype: text,
  session_id: text,
  model: text,
  error_status: status,
  retry_delay_ms: z.number().nonnegative().optional().catch(undefined),
})
export type System = z.infer<typeof System>

/**
 * The lines of `claude -p --output-format stream-json --verbose` that we read, and the parts of them.
 * https://code.claude.com/docs/en/headless; as Claude Code 2.1 prints them.
 */
export const ClaudeLine = z.discriminatedUnion('type', [
  System,
  z.object({ type: z.literal('assistant'), message: Message }),
  z.object({ type: z.literal('user'), message: Message }),
  Result,
  /** The window of a subscription: `rejected` when it is used up; `resetsAt` in seconds since 1970. */
  z.object({ type: z.literal('rate_limit_event'), rate_limit_info: z.object({ status: text, resetsAt: z.number().positive().optional().catch(undefined) }) }),
])
