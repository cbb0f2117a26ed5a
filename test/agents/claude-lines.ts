import { SESSION } from './agent-world.ts'

/* Lines as Claude Code 2.1 prints them, cut down to what matters. */

export const init = { type: 'system', subtype: 'init', session_id: SESSION, model: 'claude-opus-5-5', permissionMode: 'acceptEdits' }

export const retry = { type: 'system', subtype: 'api_retry', attempt: 1, max_retries: 10, retry_delay_ms: 1224, error_status: 429, error: 'rate_limit' }

export const windowUsedUp = (resetsAt: number) => ({
  type: 'rate_limit_event',
  rate_limit_info: { status: 'rejected', resetsAt, rateLimitType: 'five_hour', isUsingOverage: false },
})

export const says = (text: string) => ({ type: 'assistant', message: { role: 'assistant', content: [{ type: 'text', text }] }, parent_tool_use_id: null })

export const uses = (name: string, input: object) => ({
  type: 'assistant',
  message: { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name, input }] },
})

export const toolFailed = (content: string | object[]) => ({
  type: 'user',
  message: { role: 'user', content: [{ type: 'tool_result', content, is_error: true, tool_use_id: 'toolu_1' }] },
})

const listed = (costBasis: string | undefined) => ({ 'claude-opus-5-5': { inputTokens: 100, outputTokens: 12, costBasis } })

/** A success; `more` is what is different. */
export const result = (more: object = {}, costBasis: string | undefined = 'list') => ({
  type: 'result',
  subtype: 'success',
  is_error: false,
  num_turns: 1,
  result: 'hello there friend',
  stop_reason: 'end_turn',
  terminal_reason: 'completed',
  api_error_status: null,
  total_cost_usd: 0.0008000000000000001,
  usage: { input_tokens: 100, cache_creation_input_tokens: 20, cache_read_input_tokens: 300, output_tokens: 12 },
  modelUsage: listed(costBasis),
  permission_denials: [],
  errors: undefined,
  ...more,
})

/** The API failed: a `success` that is an error. */
export const apiError = (api_error_status: number | null, api_error_type?: string) =>
  result({
    is_error: true,
    stop_reason: 'stop_sequence',
    terminal_reason: 'api_error',
    api_error_status,
    api_error_type,
    result: `API Error: ${api_error_status}`,
    total_cost_usd: 0,
    usage: { input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 0 },
    modelUsage: {},
  })

export const turnsUsedUp = result({
  subtype: 'error_max_turns',
  is_error: true,
  num_turns: 4,
  result: undefined,
  terminal_reason: 'max_turns',
  errors: ['Reached maximum number of turns (3)'],
})

/** It was given 0.003. */
export const budgetUsedUp = result({
  subtype: 'error_max_budget_usd',
  is_error: true,
  num_turns: 3,
  result: undefined,
  terminal_reason: 'budget_exhausted',
  total_cost_usd: 0.0038400000000000005,
  errors: ['Reached maximum budget ($0.003)'],
})

/** Exit 0 and a success: the list is the only sign. */
export const denied = result({
  num_turns: 2,
  result: 'bash done',
  total_cost_usd: 0.0020800000000000003,
  permission_denials: [{ tool_name: 'Bash', tool_use_id: 'toolu_mock_22', tool_input: { command: 'echo hi > f1.txt', description: 'mock' } }],
})

/** What `--resume` prints for a session that is not there; it exits with 1. */
export const noSession = result({
  subtype: 'error_during_execution',
  is_error: true,
  num_turns: 0,
  result: undefined,
  total_cost_usd: 0,
  modelUsage: {},
  errors: [`No conversation found with session ID: ${SESSION}`],
})

/** It wants leave to use a tool, or to be answered a question. */
export const wants = (tool_name: string, input: object, request_id = 'r1') => ({
  type: 'control_request',
  request_id,
  request: { subtype: 'can_use_tool', tool_name, display_name: tool_name, input, tool_use_id: `toolu_${request_id}` },
})

export const asks = (questions: object[], request_id = 'r1') => wants('AskUserQuestion', { questions }, request_id)

export const takesBack = (request_id: string) => ({ type: 'control_cancel_request', request_id })

/** A use that `wants` spoke of, as the result lists it when it was turned down. */
export const turnedDown = (tool_name: string, tool_input: object, request_id = 'r1') => ({ tool_name, tool_use_id: `toolu_${request_id}`, tool_input })
