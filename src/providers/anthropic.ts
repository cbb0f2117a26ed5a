import type { Anthropic } from '@anthropic-ai/sdk'
import * as z from 'zod'
import { openClient, readError } from './anthropic-client.ts'
import type { FinishReason, Usage } from '../core/outcome.ts'
import type { Chat, Message, Piece } from './http/chat.ts'
import type { Connect } from './http/conversation.ts'
import { createHttpProvider } from './http/http-provider.ts'
import { lookForModels } from './http/model-list.ts'
import { configuredUrl } from './http/server-url.ts'
import { HttpError } from './http/signal.ts'
import { defineProvider } from './provider-type.ts'
import type { Provider } from './provider.ts'
import { tokenCount } from './http/token-count.ts'
import { argumentsAsObject, CallPieces } from './http/tool-calls.ts'

/** The API wants a limit with every request. */
const MAX_TOKENS = 8192

export const anthropic = defineProvider(
  z.strictObject({
    type: z.literal('anthropic').describe("Anthropic's API, or a server that speaks it."),
    base_url: configuredUrl().default('https://api.anthropic.com').describe('Where the API is, without /v1.'),
    api_key: z.string().optional().describe('The key, as "${NAME}" of an environment variable.'),
    model: z.string().optional().describe('The model for tasks and tiers that name none.'),
    max_tokens: z
      .number()
      .int()
      .positive()
      .default(MAX_TOKENS)
      .describe('The most output tokens of tasks that set no "max_tokens": the API wants a limit.'),
    free: z.boolean().default(false).describe('Calls cost nothing: for a server of your own.'),
  }),
  (name, { base_url, api_key, model, max_tokens }) => createAnthropic({ name, base_url, api_key, model, max_tokens }),
  { needs_model: true },
)

export type AnthropicOptions = {
  name: string
  base_url: string
  api_key?: string | undefined
  /** For requests that name none. */
  model?: string | undefined
  /** For requests that set none. */
  max_tokens?: number
}

/** Models served by Anthropic, through its Messages API. The answer is always streamed. */
export function createAnthropic(options: AnthropicOptions): Provider {
  const { name, base_url, api_key } = options
  const keys = `"providers.${name}`
  return createHttpProvider({
    model: options.model,
    server: (model) => ({
      name,
      url: base_url,
      url_key: 'base_url',
      api_key,
      advice: {
        auth: api_key
          ? `Check the environment variable that ${keys}.api_key" in config.json names.`
          : `Set ${keys}.api_key" in config.json, for instance to "\${ANTHROPIC_API_KEY}".`,
        model_missing: `Check the model "${model}" and ${keys}.base_url" in config.json.`,
        provider_down: `Check that the server can be reached, and ${keys}.base_url" in config.json.`,
        bad_output: `Check ${keys}.base_url" in config.json: it stands there without /v1.`,
      },
    }),
    stream: (chat, connect) => stream(options, chat, connect),
    look: async (connect) => {
      const client = await openClient(base_url, api_key, connect())
      return lookForModels(() => client.get('/v1/models'))
    },
  })
}

/** The part of an event that we read (https://docs.claude.com/en/docs/build-with-claude/streaming). */
const Tokens = z
  .object({ input_tokens: tokenCount, cache_read_input_tokens: tokenCount, cache_creation_input_tokens: tokenCount, output_tokens: tokenCount })
  .nullish()
  .catch(undefined)
type Tokens = z.infer<typeof Tokens>
const Event = z.object({
  /** There may come types that are not known today; they say nothing that we wait for. */
  type: z.string(),
  /** Of `message_start`. */
  message: z.object({ usage: Tokens }).nullish(),
  /** Of `content_block_start` and `content_block_delta`: which of the blocks that may come mixed. */
  index: z.number().optional(),
  /** Of `content_block_start`; a call has a name, and its input comes later. */
  content_block: z.object({ type: z.string(), id: z.string().nullish(), name: z.string().nullish() }).nullish(),
  /** Of `content_block_delta`, where only text has a `text` and only a call `partial_json`, and of `message_delta`. */
  delta: z.object({ text: z.string().nullish(), partial_json: z.string().nullish(), stop_reason: z.string().nullish() }).nullish(),
  /** Of `message_delta`. */
  usage: Tokens,
})

async function* stream(options: AnthropicOptions, chat: Chat, connect: Connect): AsyncGenerator<Piece> {
  const client = await openClient(options.base_url, options.api_key, connect())
  let started: Tokens
  let finish: FinishReason | undefined
  const called = new CallPieces()
  try {
    // Not `messages.create`: it prints a warning for models that are about to go.
    const body = chatBody(chat, options.max_tokens)
    for await (const raw of await client.post<AsyncIterable<unknown>>('/v1/messages', { body, stream: true })) {
      const event = Event.safeParse(raw)
      if (!event.success) throw new HttpError({ signal: 'garbage' })
      const { type, message, index, content_block, delta, usage } = event.data
      if (content_block?.type === 'tool_use') called.push(index, content_block)
      if (delta?.partial_json) called.push(index, { arguments: delta.partial_json })
      started = message?.usage ?? started
      finish = finishOf(delta?.stop_reason) ?? finish
      yield { text: delta?.text ?? '', finish, usage: usageOf(started, usage) }
      if (type === 'message_stop') {
        yield { finish: finish ?? 'unknown', calls: called.calls() }
        return
      }
    }
  } catch (error) {
    throw await readError(error)
  }
}

function chatBody(chat: Chat, otherwise = MAX_TOKENS): Anthropic.MessageCreateParamsStreaming {
  const { model, messages, tools, max_tokens = otherwise, temperature } = chat
  const [system] = messages.flatMap((message) => (message.role === 'system' ? [message.content] : []))
  return {
    model,
    max_tokens,
    stream: true,
    ...(system === undefined ? {} : { system }),
    messages: messages.flatMap(messageBody),
    ...(tools === undefined ? {} : { tools: tools.map(({ name, description, parameters }) => ({ name, description, input_schema: { type: 'object' as const, ...parameters } })) }),
    ...(temperature === undefined ? {} : { temperature }),
  }
}

function messageBody(message: Message): Anthropic.MessageParam[] {
  switch (message.role) {
    case 'system':
      return []
    case 'user':
      return [message]
    case 'assistant': {
      // An empty text is refused.
      const text = message.content.trim() === '' ? [] : [{ type: 'text' as const, text: message.content.trimEnd() }]
      return [{ role: 'assistant', content: [...text, ...message.calls.map((call) => ({ type: 'tool_use' as const, id: call.id, name: call.name, input: argumentsAsObject(call) }))] }]
    }
    case 'tools':
      return [{ role: 'user', content: message.results.map(({ call, text, is_error }) => ({ type: 'tool_result', tool_use_id: call.id, content: text, ...(is_error ? { is_error } : {}) })) }]
  }
}

function finishOf(reason: string | null | undefined): FinishReason | undefined {
  switch (reason) {
    case null:
    case undefined:
      return undefined
    case 'end_turn':
    case 'stop_sequence':
      return 'stop'
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length'
    case 'refusal':
      return 'filtered'
    default:
      return 'unknown'
  }
}

/**
 * What was used, once the end of the answer told it. The output's tokens at the start are only those of the first piece;
 * those of the input may be told again at the end, and are then more exact.
 */
function usageOf(started: Tokens, ended: Tokens): Usage | undefined {
  if (!ended) return undefined
  const input = ended.input_tokens ?? started?.input_tokens
  const cached = ended.cache_read_input_tokens ?? started?.cache_read_input_tokens
  const cache_write = ended.cache_creation_input_tokens ?? started?.cache_creation_input_tokens
  return {
    // The API counts apart what we count together.
    input: input === undefined ? undefined : input + (cached ?? 0) + (cache_write ?? 0),
    cached,
    cache_write,
    output: ended.output_tokens,
  }
}
