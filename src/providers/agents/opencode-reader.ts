import * as z from 'zod'
import type { FailureKind, FinishReason } from '../../core/outcome.ts'
import { askedWait } from '../http/asked-wait.ts'
import { kindOf } from '../http/failure.ts'
import type { AgentReader } from './agent-cli.ts'
import { endedWell, failureOf, TURN_FAILED } from './ending.ts'
import { record, text } from './fields.ts'
import { parseLine } from './json-line.ts'
import { add, Spent, told, type Spend } from './opencode-spend.ts'
import { AnswerPieces, TOO_LONG } from './pieces.ts'
import { brief, describeUse, shownFailure, shownUse } from './tool-use.ts'

const Part = z.object({
  text,
  tool: text,
  reason: text,
  state: z.object({ title: text, input: record, error: text }).optional().catch(undefined),
  ...Spent.shape,
})
type Part = z.infer<typeof Part>

const Problem = z.object({
  name: text,
  data: z
    .object({ message: text, statusCode: z.number().int().optional().catch(undefined), responseHeaders: z.record(z.string(), z.string()).optional().catch(undefined) })
    .optional()
    .catch(undefined),
})
type Problem = z.infer<typeof Problem>

/** The part of an event that we read (https://github.com/sst/opencode, packages/opencode/src/cli/cmd/run.ts). */
const Event = z.object({
  type: z.string(),
  part: Part.optional().catch(undefined),
  error: Problem.optional().catch(undefined),
  /** Permissions that were asked for and refused; of newer versions, at the end. */
  rejected: z.array(z.string()).optional().catch(undefined),
})

/** Understands `opencode run --format json`. */
export function readOpencode(): AgentReader {
  const answer = new AnswerPieces()
  /** A step is one answer of the model: what is said in the last one is the result. */
  let fresh = true
  let begun = 0
  let finished = 0
  let spend: Spend | undefined
  /** Subagents have sessions of their own, whose tokens and cost are not told. */
  let subagents = false
  let last: string | undefined
  let rejected: string[] = []
  let problem: Problem | undefined

  return {
    line: (line) => {
      const event = Event.safeParse(parseLine(line)).data
      if (event === undefined) return line
      const { type, part } = event
      switch (type) {
        case 'step_start':
          begun += 1
          fresh = true
          return undefined
        case 'text':
          if (fresh) answer.clear()
          fresh = false
          answer.push(part?.text ?? '')
          return part?.text
        case 'tool_use':
          if (part?.tool === SUBAGENT) subagents = true
          return shownTool(part ?? {})
        case 'step_finish':
          finished += 1
          spend = add(spend, part ?? {})
          last = part?.reason
          return undefined
        case 'error':
          problem = event.error ?? {}
          return undefined
        case 'done':
          rejected = event.rejected ?? []
          return undefined
        default:
          return undefined
      }
    },

    spent: () => told(spend).cost_micro_usd,

    end: (ended) => {
      // What was under way at a violent end is charged too.
      const whole = ended.end.how === 'exited' && begun === finished && !subagents
      const known = whole ? told(spend) : {}
      if (problem !== undefined) return { ...failureOf(ended, kindOfProblem(problem), problem.data?.message), ...known, ...afterwards(problem, begun) }
      if (last === undefined || !endedWell(ended)) return { ...failureOf(ended), ...known }
      // A session ends after a tool only when the tool was refused.
      if (rejected.length > 0 || last === 'tool-calls') {
        const refused = brief(rejected.join(', ')) || 'the tool that it used last'
        return { ...failureOf(ended, 'permission_denied', `it was not allowed to use ${refused}; allow it in the settings of opencode`), ...known }
      }
      if (answer.isTooLong()) return { ...failureOf(ended, 'bad_output', TOO_LONG), ...known }
      return { result: 'answered', text: answer.text('\n'), ...known, finish: FINISH.get(last) ?? 'unknown' }
    },
  }
}

const SUBAGENT = 'task'

function shownTool({ tool = 'a tool', state = {} }: Part): string {
  const use = shownUse(state.title === undefined || state.title === '' ? describeUse(tool, state.input) : `${brief(tool)}: ${brief(state.title)}`)
  return state.error === undefined ? use : `${use}\n${shownFailure(state.error)}`
}

const FINISH: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'],
  ['length', 'length'],
  ['content-filter', 'filtered'],
])

function kindOfProblem({ name, data }: Problem): FailureKind {
  if (data?.statusCode !== undefined) return kindOf(data.statusCode, undefined)
  if (name === 'ProviderAuthError') return 'auth'
  if (name === 'ContextOverflowError') return 'bad_request'
  return TURN_FAILED
}

/** When to come back, and whether nothing was done before it was turned away. */
function afterwards({ data }: Problem, begun: number): { retry_after_ms?: number; unspent?: true } {
  const { statusCode: status, responseHeaders: headers = {} } = data ?? {}
  if (status === undefined) return {}
  const retry_after_ms = askedWait(status, { get: (name) => headers[name] ?? null }, Date.now())
  return {
    ...(retry_after_ms === undefined ? {} : { retry_after_ms }),
    ...(begun === 0 && status >= 400 && status < 500 ? { unspent: true } : {}),
  }
}
