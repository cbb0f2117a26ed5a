import * as z from 'zod'
import type { Usage } from '../../core/outcome.ts'
import type { AgentReader } from './agent-cli.ts'
import { endedWell, failureOf, TURN_FAILED } from './ending.ts'
import { text, tokens } from './fields.ts'
import { parseLine } from './json-line.ts'
import { brief, shownFailure, shownUse } from './tool-use.ts'

const Item = z.object({
  type: z.string(),
  text,
  command: text,
  status: text,
  exit_code: z.number().nullish().catch(undefined),
  changes: z.array(z.object({ path: z.string() })).optional().catch(undefined),
  server: text,
  tool: text,
  query: text,
  message: text,
})
type Item = z.infer<typeof Item>

/** The part of an event that we read (https://github.com/openai/codex, codex-rs/exec/src/exec_events.rs). */
const Event = z.object({
  type: z.string(),
  item: Item.optional().catch(undefined),
  usage: z
    .object({ input_tokens: tokens, cached_input_tokens: tokens, cache_write_input_tokens: tokens, output_tokens: tokens })
    .optional()
    .catch(undefined),
  message: text,
  error: z.object({ message: z.string() }).optional().catch(undefined),
})
type Event = z.infer<typeof Event>

/** Understands `codex exec --json`. */
export function readCodex(): AgentReader {
  let begun = false
  let answer = ''
  let usage: Usage | undefined
  let declined: string | undefined
  let turn: { done: true } | { done: false; said: string } | undefined

  return {
    line: (line) => {
      const event = Event.safeParse(parseLine(line)).data
      if (event === undefined) return line
      begun = true
      const { type, item } = event
      if (type === 'turn.completed') {
        turn = { done: true }
        usage = usageOf(event.usage)
      }
      if (type === 'turn.failed') turn = { done: false, said: event.error?.message ?? '' }
      if (type === 'item.completed' && item?.type === 'agent_message') answer = item.text ?? ''
      if (type === 'item.completed' && item?.status === 'declined') declined = item.command ?? item.type
      return shown(event)
    },

    end: (ended) => {
      if (turn?.done === false) return failureOf(ended, TURN_FAILED, turn.said)
      // 2 is for arguments that it does not take: they would be refused again, and nobody was asked.
      if (ended.end.how === 'exited' && ended.end.code === 2) return { ...failureOf(ended, 'bad_request'), ...(begun ? {} : { unspent: true }) }
      if (turn === undefined || !endedWell(ended)) return { ...failureOf(ended), usage }
      if (declined !== undefined) return { ...failureOf(ended, 'permission_denied', `the rules of codex did not allow it to run: ${brief(declined)}`), usage }
      return { result: 'answered', text: answer, usage, finish: 'stop' }
    },
  }
}

/** OpenAI counts cached tokens as input, and reasoning as output. */
function usageOf(usage: Event['usage']): Usage | undefined {
  if (usage === undefined) return undefined
  return {
    input: usage.input_tokens,
    cached: usage.cached_input_tokens,
    cache_write: usage.cache_write_input_tokens,
    output: usage.output_tokens,
  }
}

function shown({ type, item, message }: Event): string | undefined {
  if (type === 'error') return message
  if (type === 'item.started') return item?.command === undefined ? undefined : shownUse(item.command)
  return type === 'item.completed' && item !== undefined ? shownItem(item) : undefined
}

function shownItem({ type, text: said, exit_code, changes = [], server, tool, query, message }: Item): string | undefined {
  switch (type) {
    case 'agent_message':
      return said
    case 'command_execution':
      return exit_code === 0 ? undefined : shownFailure(`exit code ${exit_code ?? 'unknown'}`)
    case 'file_change':
      return shownUse(`changed ${changes.map(({ path }) => path).join(', ')}`)
    case 'mcp_tool_call':
      return shownUse(`${server ?? ''} ${tool ?? ''}`)
    case 'web_search':
      return shownUse(`searched for ${query ?? ''}`)
    case 'error':
      return message
    default:
      return undefined
  }
}
