import * as z from 'zod'
import type { Usage } from '../../core/outcome.ts'
import type { ProgramEnd } from '../../process/program-end.ts'
import { kindOf } from '../http/failure.ts'
import type { AgentReader } from './agent-cli.ts'
import { endedWell, failureOf, TURN_FAILED } from './ending.ts'
import { record, text, tokens } from './fields.ts'
import { describeDenied, kindOfExit } from './gemini-and-qwen.ts'
import { parseLine } from './json-line.ts'
import { AnswerPieces, LinePieces, TOO_LONG } from './pieces.ts'
import { describeUse, shownFailure, shownUse } from './tool-use.ts'

/** The part of an event that we read (gemini-cli, packages/core/src/output/types.ts). */
const Event = z.object({
  type: z.string(),
  role: text,
  content: text,
  tool_id: text,
  tool_name: text,
  parameters: record,
  message: text,
  status: text,
  error: z.object({ type: text, message: text }).optional().catch(undefined),
  stats: z.object({ total_tokens: tokens, input_tokens: tokens, output_tokens: tokens, cached: tokens }).optional().catch(undefined),
})
type Event = z.infer<typeof Event>

/** Error types of a tool that was not allowed (gemini-cli, packages/core/src/tools/tool-error.ts). */
const DENIED: readonly (string | undefined)[] = ['execution_denied', 'policy_violation']

/** Understands `gemini --output-format stream-json`. */
export function readGemini(): AgentReader {
  const answer = new AnswerPieces()
  const unshown = new LinePieces()
  /** A tool was used: what is said now is a new message. */
  let fresh = true
  const tools = new Map<string, string>()
  let denied: string | undefined
  let result: Event | undefined

  const said = (piece: string): string => {
    if (fresh) answer.clear()
    fresh = false
    answer.push(piece)
    return unshown.push(piece)
  }
  /** What is shown of an event that is not said, after what was said before. */
  const shown = (words: string | undefined): string => {
    return [unshown.end(), words ?? ''].filter((line) => line !== '').join('\n')
  }

  return {
    line: (line) => {
      const event = Event.safeParse(parseLine(line)).data
      if (event === undefined) return line
      const { type, role, content = '', tool_id = '', tool_name = 'a tool', parameters, error, message } = event
      switch (type) {
        case 'message':
          return role === 'assistant' ? said(content) : undefined
        case 'tool_use':
          fresh = true
          tools.set(tool_id, tool_name)
          return shown(shownUse(describeUse(tool_name, parameters)))
        case 'tool_result':
          if (DENIED.includes(error?.type)) denied = tools.get(tool_id) ?? 'a tool'
          return error?.message === undefined ? undefined : shown(shownFailure(error.message))
        case 'error':
          return shown(message)
        case 'result':
          result = event
          return shown(undefined)
        default:
          return undefined
      }
    },

    end: (ended) => {
      const usage = usageOf(result?.stats)
      const status = statusOf(ended.end)
      const told = status === undefined ? kindOfExit(ended.end) : kindOf(status, undefined)
      const kind = told ?? (result !== undefined && result.status !== 'success' ? TURN_FAILED : undefined)
      if (kind !== undefined || result === undefined || !endedWell(ended)) {
        const refused = status !== undefined && status < 500 && result?.stats?.total_tokens === 0
        return { ...failureOf(ended, kind, result?.error?.message), usage, ...(refused ? { unspent: true } : {}) }
      }
      if (denied !== undefined) return { ...failureOf(ended, 'permission_denied', describeDenied([denied])), usage }
      if (answer.isTooLong()) return { ...failureOf(ended, 'bad_output', TOO_LONG), usage }
      return { result: 'answered', text: answer.text(''), usage, finish: 'stop' }
    },
  }
}

/**
 * The HTTP status that ended it: its exit code is the status, of which the system keeps the last eight bits. Codes
 * below 144 (400) are its own, or tell a signal.
 */
function statusOf(end: ProgramEnd['end']): number | undefined {
  return end.how === 'exited' && end.code >= 144 ? 256 + end.code : undefined
}

/** Its output tokens leave out thoughts, which are paid for as output: what is not input is output. Where no model answered all are 0. */
function usageOf(stats: Event['stats']): Usage | undefined {
  if (stats === undefined || stats.total_tokens === 0) return undefined
  const { total_tokens: total, input_tokens: input, output_tokens: output, cached } = stats
  if (total === undefined || input === undefined || output === undefined) return { input, cached, output }
  return { input, cached, output: Math.max(output, total - input) }
}
