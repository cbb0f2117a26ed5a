import * as z from 'zod'
import type { FailureKind, Usage } from '../../core/outcome.ts'
import type { ProgramEnd } from '../../process/program-end.ts'
import type { AgentReader } from './agent-cli.ts'
import { endedWell, failureOf, TURN_FAILED } from './ending.ts'
import { record, text, tokens } from './fields.ts'
import { describeDenied, kindOfExit } from './gemini-and-qwen.ts'
import { parseLine } from './json-line.ts'
import { describeUse, shownUse } from './tool-use.ts'

const Block = z.object({ type: z.string(), text, name: text, input: record })
type Block = z.infer<typeof Block>

/** The part of an event that we read (https://github.com/QwenLM/qwen-code, packages/cli/src/nonInteractive/types.ts). */
const Event = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('assistant'),
    message: z.object({ content: z.array(Block).catch([]) }),
  }),
  z.object({
    type: z.literal('result'),
    subtype: text,
    is_error: z.boolean(),
    result: text,
    error: z.object({ message: text }).optional().catch(undefined),
    permission_denials: z.array(z.object({ tool_name: z.string() })).default([]).catch([]),
    /** The sum of all turns. */
    usage: z.object({ input_tokens: tokens, cache_read_input_tokens: tokens, output_tokens: tokens }).optional().catch(undefined),
  }),
])
type Event = z.infer<typeof Event>
type Result = Extract<Event, { type: 'result' }>

/** Understands `qwen --output-format stream-json`. */
export function readQwen(): AgentReader {
  let result: Result | undefined

  return {
    line: (line) => {
      const json = parseLine(line)
      if (json === undefined) return line
      const event = Event.safeParse(json).data
      if (event?.type === 'result') result = event
      return event?.type === 'assistant' ? shown(event.message.content) : undefined
    },

    end: (ended) => {
      const usage = usageOf(result?.usage)
      const kind = kindOfError(ended, result)
      if (kind !== undefined || result === undefined || !endedWell(ended)) {
        return { ...failureOf(ended, kind, result?.error?.message), usage }
      }
      // A tool that was denied goes back to the model, which may call it a success.
      const denied = result.permission_denials.map(({ tool_name }) => tool_name)
      if (denied.length > 0) return { ...failureOf(ended, 'permission_denied', describeDenied(denied)), usage }
      return { result: 'answered', text: result.result ?? '', usage, finish: 'stop' }
    },
  }
}

function kindOfError({ end }: ProgramEnd, result: Result | undefined): FailureKind | undefined {
  if (result?.subtype === 'error_max_turns') return 'limit_reached'
  return kindOfExit(end) ?? (result?.is_error === true ? TURN_FAILED : undefined)
}

/** Its input includes what came from the cache. Where no model answered, all are 0. */
function usageOf(usage: Result['usage']): Usage | undefined {
  if (usage === undefined || (usage.input_tokens === 0 && usage.output_tokens === 0)) return undefined
  return { input: usage.input_tokens, cached: usage.cache_read_input_tokens, output: usage.output_tokens }
}

function shown(content: readonly Block[]): string {
  return content
    .map(({ type, text: said, name, input }) => (type === 'tool_use' ? shownUse(describeUse(name ?? 'a tool', input)) : type === 'text' ? said : undefined))
    .filter((part) => part !== undefined)
    .join('\n')
}
