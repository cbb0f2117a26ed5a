import type { FailureKind, FinishReason, Usage } from '../../core/outcome.ts'
import { microUsd } from '../../core/price.ts'
import type { ProgramEnd } from '../../process/program-end.ts'
import { believedWait } from '../http/asked-wait.ts'
import { kindOf } from '../http/failure.ts'
import type { Answer } from '../provider.ts'
import type { AgentReader, AgentTask } from './agent-cli.ts'
import { ClaudeLine, type Block, type Result, type System, type Window } from './claude-events.ts'
import { claudeRequests } from './claude-requests.ts'
import { endedWell, failureOf } from './ending.ts'
import { parseLine } from './json-line.ts'
import { describeUse, shownFailure, shownUse } from './tool-use.ts'

const FINISH: ReadonlyMap<unknown, FinishReason> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['refusal', 'filtered'],
])

const MAX_DENIALS = 3

/** Understands what Claude Code prints, and answers it where somebody may be asked. */
export function readClaude({ terms: { session, cwd }, ask }: AgentTask): AgentReader {
  const requests = ask === undefined ? undefined : claudeRequests(ask, cwd)
  let begun = false
  let result: Result | undefined
  let retry: System | undefined
  let window: Window | undefined

  return {
    ...(requests === undefined ? {} : { talk: requests.begin }),

    line: (text) => {
      const line = ClaudeLine.safeParse(parseLine(text)).data
      switch (line?.type) {
        case 'system':
          begun ||= line.subtype === 'init'
          if (line.subtype === 'api_retry') retry = line
          return shownOfSystem(line)
        case 'assistant':
          begun = true
          retry = undefined
          return shownOf(line.message.content)
        case 'user':
          return shownOf(line.message.content)
        case 'rate_limit_event':
          window = line.rate_limit_info
          return undefined
        case 'result':
          result = line
          requests?.close()
          return undefined
        case 'control_request':
          requests?.take(line)
          return undefined
        case 'control_cancel_request':
          requests?.takeBack(line.request_id)
          return undefined
        case undefined:
          return undefined
      }
    },

    sessionLost: (end) => {
      if (result === undefined) return !begun && !endedWell(end)
      return result.is_error && result.subtype === 'error_during_execution' && result.num_turns === 0
    },

    end: (end) => {
      // It prints its first line before it calls a model: what ends it sooner would end it again, and cost nothing.
      if (result === undefined && retry === undefined && !begun && isRefusal(end)) return { ...failureOf(end, 'bad_request'), unspent: true }
      if (result === undefined) return failureOf(end, retry === undefined ? undefined : kindOf(retry.error_status ?? 500, undefined))
      const known = { usage: usageOf(result), cost_micro_usd: costOf(result, session) }
      if (result.is_error) return { ...failureOfResult(result, end, retry, window), ...known }
      // What somebody has decided is known to the agent, which went on: its result is judged as any other.
      const denials = result.permission_denials.filter(({ tool_use_id }) => requests?.wasDecided(tool_use_id) !== true)
      if (denials.length > 0) return { ...failureOf(end, 'permission_denied', describeDenials(denials)), ...known }
      return { result: 'answered', text: result.result ?? '', finish: FINISH.get(result.stop_reason) ?? 'unknown', ...known }
    },
  }
}

function failureOfResult(result: Result, end: ProgramEnd, retry: System | undefined, window: Window | undefined): Answer {
  const said = result.result ?? result.errors?.join('; ')
  const failure = (kind?: FailureKind) => failureOf(end, kind, said)
  if (result.subtype === 'error_max_turns' || result.subtype === 'error_max_budget_usd') return failure('limit_reached')
  if (result.terminal_reason !== 'api_error') return failure()

  // A failure without a status is one of the connection.
  const kind = kindOf(result.api_error_status ?? retry?.error_status ?? 500, result.api_error_type)
  if (kind !== 'rate_limited') return failure(kind)
  const resets_at = window?.status === 'rejected' ? window.resetsAt : undefined
  const wait = resets_at === undefined ? retry?.retry_delay_ms : untilReset(resets_at)
  return { ...failure(resets_at === undefined ? kind : 'quota_exhausted'), ...(wait === undefined ? {} : { retry_after_ms: believedWait(wait) }) }
}

/** Seconds since 1970 are fewer than this for three thousand years; a larger time is one in milliseconds. */
const MOST_SECONDS = 1e11

/** In ms; undefined for a time that is past, which says nothing. */
function untilReset(at: number): number | undefined {
  const wait = (at < MOST_SECONDS ? at * 1000 : at) - Date.now()
  return wait > 0 ? wait : undefined
}

/** It came to its end by itself, and not well. From 126 on, codes tell that a shell did not find it, or a signal. */
function isRefusal({ end }: ProgramEnd): boolean {
  return end.how === 'exited' && end.code !== 0 && end.code < 126
}

/**
 * What this attempt cost, in micro-dollars. `total_cost_usd` is that of the whole session; and it is made
 * up where Claude Code does not know the model's price, which only `costBasis` tells.
 */
function costOf({ total_cost_usd, modelUsage = {} }: Result, { resume, spent_micro_usd }: AgentTask['terms']['session']): number | undefined {
  const models = Object.values(modelUsage)
  if (total_cost_usd === undefined || models.some(({ costBasis }) => costBasis !== 'list')) return undefined
  if (models.length === 0 && total_cost_usd > 0) return undefined
  return Math.max(0, microUsd(total_cost_usd) - (resume ? spent_micro_usd : 0))
}

/** Ours counts all input tokens, cached ones included. */
function usageOf({ usage }: Result): Usage | undefined {
  if (usage === undefined) return undefined
  const { input_tokens, cache_read_input_tokens: cached, cache_creation_input_tokens: cache_write, output_tokens: output } = usage
  const input = input_tokens === undefined ? undefined : input_tokens + (cached ?? 0) + (cache_write ?? 0)
  return { input, cached, cache_write, output }
}

function describeDenials(denials: Result['permission_denials']): string {
  const wanted = denials.slice(0, MAX_DENIALS).map(({ tool_name, tool_input }) => describeUse(tool_name, tool_input))
  const more = denials.length > MAX_DENIALS ? `, and ${denials.length - MAX_DENIALS} more` : ''
  return `it was not allowed to use ${wanted.join(', ')}${more}; name it in the task's "tools" to allow it`
}

function shownOfSystem({ subtype, session_id, model, error_status, retry_delay_ms = 0 }: System): string | undefined {
  if (subtype === 'init') return `session ${session_id ?? '?'}, ${model ?? '?'}`
  if (subtype === 'api_retry') return `the API failed (${error_status ?? 'no connection'}); it is asked again in ${(retry_delay_ms / 1000).toFixed(1)} s`
  return undefined
}

function shownOf(blocks: readonly Block[]): string {
  return blocks.flatMap((block) => shownOfBlock(block) ?? []).join('\n')
}

function shownOfBlock({ type, text, name, input, content, is_error }: Block): string | undefined {
  if (type === 'text') return text
  if (type === 'tool_use') return shownUse(describeUse(name ?? '?', input))
  if (type !== 'tool_result' || is_error !== true) return undefined
  const said = typeof content === 'string' ? content : content?.map((part) => part.text ?? '').join(' ')
  return shownFailure(said ?? '')
}
