import type { OpenAI } from 'openai'
import * as z from 'zod'
import type { FinishReason, Usage } from '../core/outcome.ts'
import type { Chat, Message, Piece } from './http/chat.ts'
import type { Connect } from './http/conversation.ts'
import { createHttpProvider } from './http/http-provider.ts'
import { HttpError } from './http/signal.ts'
import { lookForModels } from './http/model-list.ts'
import { openClient, readError } from './openai-client.ts'
import { defineProvider } from './provider-type.ts'
import type { Provider } from './provider.ts'
import { configuredUrl } from './http/server-url.ts'
import { tokenCount } from './http/token-count.ts'
import { CallPieces } from './http/tool-calls.ts'

export const openAi = defineProvider(
  z.strictObject({
    type: z
      .literal('openai')
      .describe('A server that speaks the OpenAI API: OpenAI, OpenWebUI, vLLM, LM Studio, mlx_lm.server, llama.cpp, …'),
    base_url: configuredUrl()
      .default('https://api.openai.com/v1')
      .describe('Where the API begins: most servers want /v1 at the end, OpenWebUI /api.'),
    api_key: z.string().optional().describe('The key, as "${NAME}" of an environment variable. Leave it out for servers that want none.'),
    model: z.string().optional().describe('The model for tasks and tiers that name none.'),
    free: z.boolean().default(false).describe('Calls cost nothing: for a server of your own.'),
  }),
  (name, { base_url, api_key, model }) => createOpenAi({ name, base_url, api_key, model }),
  { needs_model: true },
)

export type OpenAiOptions = {
  name: string
  base_url: string
  api_key?: string | undefined
  /** For requests that name none. */
  model?: string | undefined
}

/** Any server that speaks OpenAI's chat completions, by its `base_url`. The answer is always streamed. */
export function createOpenAi(options: OpenAiOptions): Provider {
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
          : `Set ${keys}.api_key" in config.json, for instance to "\${OPENAI_API_KEY}".`,
        model_missing: `Check the model "${model}" and ${keys}.base_url" in config.json.`,
        provider_down: `Check that the server runs, and ${keys}.base_url" in config.json.`,
        bad_output: `Check ${keys}.base_url" in config.json: most servers want /v1 at the end, OpenWebUI /api.`,
      },
    }),
    stream: (chat, connect) => stream(options, chat, connect),
    look: async (connect) => {
      const client = await openClient(base_url, api_key, connect())
      return lookForModels(() => client.get('/models'))
    },
  })
}

/** Pieces of calls. Servers that call in one piece may leave the index out. */
const CallDeltas = z
  .array(
    z.object({
      index: z.number().optional(),
      id: z.string().nullish(),
      function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
    }),
  )
  .nullish()
  .catch(undefined)

/** The part of a chunk that we read (https://platform.openai.com/docs/api-reference/chat-streaming). */
const Chunk = z.object({
  choices: z
    .array(z.object({ delta: z.object({ content: z.string().nullish(), tool_calls: CallDeltas }).nullish(), finish_reason: z.string().nullish() }))
    .nullish(),
  usage: z
    .object({
      prompt_tokens: tokenCount,
      completion_tokens: tokenCount,
      prompt_tokens_details: z.object({ cached_tokens: tokenCount, cache_write_tokens: tokenCount }).nullish().catch(undefined),
    })
    .nullish()
    .catch(undefined),
})
type Chunk = z.infer<typeof Chunk>

async function* stream(options: OpenAiOptions, chat: Chat, connect: Connect): AsyncGenerator<Piece> {
  let done = false
  let finish: FinishReason | undefined
  const called = new CallPieces()
  // The client hides the stream's last line, and some servers end with nothing else.
  const line = (text: string) => {
    done ||= /^data:\s*\[DONE\]/.test(text)
  }
  const client = await openClient(options.base_url, options.api_key, connect({ line }))
  try {
    for await (const raw of await client.chat.completions.create(chatBody(options.base_url, chat))) {
      const chunk = Chunk.safeParse(raw)
      if (!chunk.success) throw new HttpError({ signal: 'garbage' })
      const choice = chunk.data.choices?.[0]
      finish = finishOf(choice?.finish_reason) ?? finish
      for (const { index, id, function: of } of choice?.delta?.tool_calls ?? []) called.push(index, { id, name: of?.name, arguments: of?.arguments })
      yield { text: choice?.delta?.content ?? '', finish, usage: usageOf(chunk.data.usage) }
    }
  } catch (error) {
    throw await readError(error)
  }
  if (done && finish === undefined) yield { finish: 'unknown' }
  const calls = called.calls()
  if (calls.length > 0) yield { calls }
}

/** The body of a request; see `stream_options` for usage, which a stream has only when it is asked for. */
export function chatBody(base_url: string, chat: Chat): OpenAI.ChatCompletionCreateParamsStreaming & { workspace?: string } {
  const { model, messages, tools, max_tokens, temperature, workspace } = chat
  // OpenAI's newer models refuse `max_tokens`; most other servers know nothing else.
  const limit = new URL(base_url).hostname === 'api.openai.com' ? 'max_completion_tokens' : 'max_tokens'
  return {
    model,
    messages: messages.flatMap(messageBody),
    stream: true,
    stream_options: { include_usage: true },
    ...(tools === undefined ? {} : { tools: tools.map((tool) => ({ type: 'function' as const, function: { ...tool } })) }),
    ...(max_tokens === undefined ? {} : { [limit]: max_tokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(workspace === undefined ? {} : { workspace }),
  }
}

function messageBody(message: Message): OpenAI.ChatCompletionMessageParam[] {
  switch (message.role) {
    case 'system':
    case 'user':
      return [message]
    case 'assistant': {
      const tool_calls = message.calls.map(({ id, name, arguments: text }) => ({ id, type: 'function' as const, function: { name, arguments: text } }))
      return [{ role: 'assistant', content: message.content === '' ? null : message.content, tool_calls }]
    }
    case 'tools':
      return message.results.map(({ call, text }) => ({ role: 'tool', tool_call_id: call.id, content: text }))
  }
}

function finishOf(reason: string | null | undefined): FinishReason | undefined {
  switch (reason) {
    case null:
    case undefined:
      return undefined
    case 'stop':
    case 'length':
      return reason
    case 'content_filter':
      return 'filtered'
    default:
      return 'unknown'
  }
}

function usageOf(usage: Chunk['usage']): Usage | undefined {
  if (usage === null || usage === undefined) return undefined
  return {
    input: usage.prompt_tokens,
    cached: usage.prompt_tokens_details?.cached_tokens,
    cache_write: usage.prompt_tokens_details?.cache_write_tokens,
    output: usage.completion_tokens,
  }
}
