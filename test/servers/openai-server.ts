import * as z from 'zod'
import { argumentPieces, startModelServer } from './model-server.ts'
import type { ModelServer, ModelServerOptions, ServedRequest } from './model-server.ts'
import type { Tokens } from './scenario.ts'

/**
 * A server that speaks OpenAI's chat completions as they go over the wire: server-sent events, usage in
 * a last event with no choices, and only when `stream_options.include_usage` asked for it.
 */
export function startOpenAiServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  return startModelServer(
    {
      content_type: 'text/event-stream; charset=utf-8',
      prefix: '/v1',
      chat_path: '/v1/chat/completions',
      pages: { '/v1/models': (models) => ({ object: 'list', data: models.map((id) => ({ id, object: 'model', owned_by: 'test' })) }) },
      piece: (text, model) => event(chunk(model, [{ index: 0, delta: { role: 'assistant', content: text }, finish_reason: null }])),
      torn: 'data: {"torn\n\n',
      calls: (calls, model) => {
        const delta = (...tool_calls: object[]) => event(chunk(model, [{ index: 0, delta: { content: null, tool_calls }, finish_reason: null }]))
        const begun = calls.map(({ name }, index) => delta({ index, id: `call_of_${name}_${index}`, type: 'function', function: { name, arguments: '' } }))
        const pieces = calls.map(argumentPieces)
        const rounds = Math.max(0, ...pieces.map((each) => each.length))
        const rest = Array.from({ length: rounds }, (_, at) => pieces.flatMap((each, index) => (each[at] === undefined ? [] : [delta({ index, function: { arguments: each[at] } })])))
        return [...begun, ...rest.flat()].join('')
      },
      finished: 'stop',
      called: 'tool_calls',
      end: ({ finish, usage, request }) =>
        event(chunk(request.model, [{ index: 0, delta: {}, finish_reason: finish }])) +
        (usage !== undefined && asksForUsage(request) ? event({ ...chunk(request.model, []), usage: usageOf(usage) }) : '') +
        'data: [DONE]\n\n',
      error: (message, code) => event({ error: { message, type: 'server_error', param: null, code: code ?? null } }),
      refusal: (message, code) => JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code: code ?? null } }),
    },
    options,
  )
}

const usageOf = ({ input, cached, cache_write, output }: Tokens) => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
  prompt_tokens_details: { cached_tokens: cached, ...(cache_write === undefined ? {} : { cache_write_tokens: cache_write }) },
})

const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`

const chunk = (model: string, choices: unknown[]) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1_700_000_000,
  model,
  choices,
})

const UsageWanted = z.object({ stream_options: z.object({ include_usage: z.literal(true) }) })

const asksForUsage = ({ body }: ServedRequest) => UsageWanted.safeParse(body).success
