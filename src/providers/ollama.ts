import type { Message } from 'ollama'
import * as z from 'zod'
import type { FinishReason } from '../core/outcome.ts'
import type { Chat, Message as ChatMessage, Piece } from './http/chat.ts'
import type { Connect } from './http/conversation.ts'
import { createHttpProvider } from './http/http-provider.ts'
import { HttpError } from './http/signal.ts'
import { listed } from './http/model-list.ts'
import { defineProvider } from './provider-type.ts'
import type { Health, Provider } from './provider.ts'
import { configuredUrl } from './http/server-url.ts'
import { tokenCount } from './http/token-count.ts'
import { argumentsAsObject, CallPieces } from './http/tool-calls.ts'

export const ollama = defineProvider(
  z.strictObject({
    type: z.literal('ollama').describe('Local models served by Ollama.'),
    host: configuredUrl(wholeAddress).default('http://127.0.0.1:11434').describe('Where Ollama listens.'),
    model: z.string().optional().describe('The model for tasks and tiers that name none.'),
    free: z.boolean().default(false).describe('Calls cost nothing.'),
  }),
  (name, { host, model }) => createOllama({ name, host, model }),
  { needs_model: true },
)

export type OllamaOptions = {
  name: string
  host: string
  /** For requests that name none. */
  model?: string | undefined
}

/** Models served by Ollama, through its own API. */
export function createOllama({ name, host, model: fallback }: OllamaOptions): Provider {
  const url = wholeAddress(host)
  const checkHost = `Check that Ollama runs there ("ollama serve"), and "providers.${name}.host" in config.json.`
  return createHttpProvider({
    model: fallback,
    server: (model) => ({
      name,
      url,
      url_key: 'host',
      advice: {
        auth: `Check "providers.${name}.host" in config.json: Ollama itself asks for no key, but what stands before it may.`,
        model_missing: `Run: ollama pull ${model}`,
        provider_down: checkHost,
        bad_output: checkHost,
      },
    }),
    stream: (chat, connect) => stream(url, chat, connect),
    look: (connect) => look(url, fallback, connect),
  })
}

/** A host without a scheme, as `OLLAMA_HOST` holds it (`0.0.0.0`, `:8080`, `gpu:11434`), by Ollama's own rules. */
function wholeAddress(host: string): string {
  if (host === '' || host.includes('://')) return host
  const url = `http://${host.startsWith(':') ? '127.0.0.1' : ''}${host}`
  return /:\d+\/?$/.test(host) ? url : `${url}:11434`
}

/** The part of a line that we read (https://github.com/ollama/ollama/blob/main/docs/api.md). */
const Part = z.object({
  message: z.object({
    content: z.string(),
    /** Each is whole. */
    tool_calls: z.array(z.object({ id: z.string().optional(), function: z.object({ name: z.string(), arguments: z.unknown() }) })).nullish().catch(undefined),
  }),
  done: z.boolean(),
  done_reason: z.string().optional(),
  prompt_eval_count: tokenCount,
  eval_count: tokenCount,
})

async function* stream(host: string, { model, messages, tools, max_tokens, temperature }: Chat, connect: Connect): AsyncGenerator<Piece> {
  // Loading the library takes long, so it is loaded with the first attempt.
  const { Ollama } = await import('ollama')
  const client = new Ollama({ host, fetch: connect(strictLines()) })
  const options = {
    ...(max_tokens === undefined ? {} : { num_predict: max_tokens }),
    ...(temperature === undefined ? {} : { temperature }),
  }
  const called = new CallPieces()
  const offered = tools === undefined ? {} : { tools: tools.map((tool) => ({ type: 'function', function: { ...tool } })) }
  for await (const raw of await client.chat({ model, messages: messages.flatMap(messageBody), stream: true, options, ...offered })) {
    const part = Part.safeParse(raw)
    if (!part.success) throw new HttpError({ signal: 'garbage' })
    const { message, done, done_reason, prompt_eval_count: input, eval_count: output } = part.data
    const usage = input === undefined && output === undefined ? undefined : { input, output }
    for (const { id = '', function: of } of message.tool_calls ?? []) {
      called.push(called.calls().length, { id, name: of.name, arguments: JSON.stringify(of.arguments ?? {}) })
    }
    yield { text: message.content, finish: done ? finishOf(done_reason) : undefined, usage, ...(done ? { calls: called.calls() } : {}) }
  }
}

function messageBody(message: ChatMessage): Message[] {
  switch (message.role) {
    case 'system':
    case 'user':
      return [message]
    case 'assistant':
      return [{ role: 'assistant', content: message.content, tool_calls: message.calls.map((call) => ({ function: { name: call.name, arguments: argumentsAsObject(call) } })) }]
    case 'tools':
      // It tells the calls apart by their names and their order.
      return message.results.map(({ call, text }) => ({ role: 'tool', tool_name: call.name, content: text }))
  }
}

const Line = z.object({ error: z.string().optional(), done: z.boolean().optional() })

/**
 * Reads along before the client does: the client prints what it cannot parse to the terminal, and turns
 * an error in the stream and a missing end into errors that only their words tell apart.
 */
function strictLines(): { line: (text: string) => void; end: () => void } {
  let done = false
  return {
    line: (text) => {
      const line = Line.safeParse(parse(text))
      if (!line.success) throw new HttpError({ signal: 'garbage' })
      if (line.data.error !== undefined) throw new HttpError({ signal: 'failed_midway', code: undefined, said: line.data.error })
      done ||= line.data.done === true
    },
    end: () => {
      if (!done) throw new HttpError({ signal: 'cut_short' })
    },
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function finishOf(reason: string | undefined): FinishReason {
  return reason === 'stop' || reason === 'length' ? reason : 'unknown'
}

const Version = z.object({ version: z.string() })
const Tags = z.object({ models: z.array(z.object({ name: z.string() })) })

/** The version, the models, and whether the provider's own model is among them. */
async function look(host: string, model: string | undefined, connect: Connect): Promise<Health> {
  const { Ollama } = await import('ollama')
  const client = new Ollama({ host, fetch: connect() })
  const version = Version.safeParse(await client.version())
  const tags = Tags.safeParse(await client.list())
  if (!version.success || !tags.success) throw new HttpError({ signal: 'garbage' })
  const names = tags.data.models.map(({ name }) => name)
  const detail = `version ${version.data.version}, ${listed(names)}`
  // Ollama adds the tag ":latest" to a name without one.
  const there = model === undefined || names.includes(model) || names.includes(`${model}:latest`)
  if (there) return { state: 'ready', detail }
  return { state: 'misconfigured', detail: `the model "${model}" is missing; run: ollama pull ${model} (${detail})` }
}
