import * as z from 'zod'
import { record, text, tokens, usd } from './fields.ts'

const status = z.number().int().optional().catch(undefined)

/** A part of a message; `content` is what a tool gave back. */
const Block = z.object({
  type: z.string(),
  text,
  name: text,
  input: record,
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
  num_turns: z.number().optional().catch(undefined),
  terminal_reason: text,
  api_error_status: status,
  api_error_type: text,
  total_cost_usd: usd,
  /** Of this call alone; what comes from the cache, or goes into it, is not part of `input_tokens`. */
  usage: z
    .object({ input_tokens: tokens, cache_creation_input_tokens: tokens, cache_read_input_tokens: tokens, output_tokens: tokens })
    .optional()
    .catch(undefined),
  /** Of the whole session, by model. */
  modelUsage: z.record(z.string(), z.object({ costBasis: text })).optional().catch(undefined),
  permission_denials: z.array(z.object({ tool_name: z.string(), tool_use_id: text, tool_input: record })).catch([]),
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

/** The window of a subscription: `rejected` when it is used up; `resetsAt` in seconds since 1970. */
const Window = z.object({ status: text, resetsAt: z.number().positive().optional().catch(undefined) })
export type Window = z.infer<typeof Window>

/** What it wants to be told; without an answer it waits. */
const ControlRequest = z.object({ type: z.literal('control_request'), request_id: z.string(), request: z.unknown() })
export type ControlRequest = z.infer<typeof ControlRequest>

/** A request for leave to use a tool. */
export const ToolUse = z.object({
  subtype: z.literal('can_use_tool'),
  tool_name: z.string().min(1),
  input: z.record(z.string(), z.unknown()),
  tool_use_id: text,
})
export type ToolUse = z.infer<typeof ToolUse>

/**
 * The lines of `claude -p --output-format stream-json --verbose` that we read, and the parts of them.
 * https://code.claude.com/docs/en/headless; as Claude Code 2.1 prints them.
 */
export const ClaudeLine = z.discriminatedUnion('type', [
  System,
  z.object({ type: z.literal('assistant'), message: Message }),
  z.object({ type: z.literal('user'), message: Message }),
  Result,
  ControlRequest,
  z.object({ type: z.literal('control_cancel_request'), request_id: z.string() }),
  z.object({ type: z.literal('rate_limit_event'), rate_limit_info: Window }),
])
