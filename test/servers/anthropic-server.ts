import { argumentPieces, startModelServer } from './model-server.ts'
import type { ModelServer, ModelServerOptions } from './model-server.ts'
import type { Tokens } from './scenario.ts'

/**
 * A server that speaks Anthropic's Messages API as it goes over the wire: server-sent events with a name each,
 * the input's tokens in the first, those of the output in the last but one.
 */
export function startAnthropicServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  return startModelServer(
    {
      content_type: 'text/event-stream; charset=utf-8',
      prefix: '',
      chat_path: '/v1/messages',
      pages: { '/v1/models': (models) => ({ data: models.map((id) => ({ type: 'model', id, display_name: id })), has_more: false }) },
      begin: (usage, model) =>
        event('message_start', { message: { ...MESSAGE, model, ...(usage === undefined ? {} : { usage: started(usage) }) } }) +
        event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }) +
        event('ping', {}),
      piece: (text) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
      torn: 'event: content_block_delta\ndata: {"torn\n\n',
      calls: (calls) =>
        event('content_block_stop', { index: 0 }) +
        calls
          .map((call, at) => {
            const index = at + 1
            const pieces = argumentPieces(call).map((partial_json) => event('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json } }))
            const content_block = { type: 'tool_use', id: `toolu_${index}`, name: call.name, input: {} }
            return event('content_block_start', { index, content_block }) + pieces.join('') + event('content_block_stop', { index })
          })
          .join(''),
      finished: 'end_turn',
      called: 'tool_use',
      end: ({ finish, usage }) =>
        event('content_block_stop', { index: 0 }) +
        event('message_delta', {
          delta: { stop_reason: finish, stop_sequence: null },
          ...(usage === undefined ? {} : { usage: { output_tokens: usage.output } }),
        }) +
        event('message_stop', {}),
      error: (message, code) => event('error', { error: { type: code ?? 'api_error', message } }),
      refusal: (message, code) => JSON.stringify({ type: 'error', error: { type: code ?? 'api_error', message }, request_id: 'req_1' }),
    },
    options,
  )
}

const MESSAGE = { id: 'msg_1', type: 'message', role: 'assistant', content: [], stop_reason: null, stop_sequence: null }

/** The API counts cached tokens beside the others, and tells the first token of the output at once. */
const started = ({ input, cached, cache_write = 0 }: Tokens) => ({
  input_tokens: input - cached - cache_write,
  cache_creation_input_tokens: cache_write,
  cache_read_input_tokens: cached,
  output_tokens: 1,
})

const event = (type: string, data: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`
