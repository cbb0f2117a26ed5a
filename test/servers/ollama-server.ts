import { startModelServer } from './model-server.ts'
import type { ModelServer, ModelServerOptions } from './model-server.ts'

/** A server that speaks Ollama's own API as it goes over the wire: one JSON object a line, counts in the last. */
export function startOllamaServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  return startModelServer(
    {
      content_type: 'application/x-ndjson',
      prefix: '',
      chat_path: '/api/chat',
      pages: {
        '/api/version': () => ({ version: '0.12.6' }),
        '/api/tags': (models) => ({
          models: models.map((name) => ({ name, model: name, size: 1, digest: 'd', details: { family: 'test' } })),
        }),
      },
      piece: (content, model) => line({ model, created_at: CREATED, message: { role: 'assistant', content }, done: false }),
      torn: '{"torn\n',
      calls: (calls, model) =>
        calls.map(({ name, arguments: given }) => line({ model, created_at: CREATED, message: { role: 'assistant', content: '', tool_calls: [{ function: { name, arguments: given } }] }, done: false })).join(''),
      finished: 'stop',
      called: 'stop',
      end: ({ finish, usage, request }) =>
        line({
          model: request.model,
          created_at: CREATED,
          message: { role: 'assistant', content: '' },
          done: true,
          ...(finish === null ? {} : { done_reason: finish }),
          ...(usage === undefined ? {} : { prompt_eval_count: usage.input, eval_count: usage.output }),
        }),
      error: (message) => line({ error: message }),
      refusal: (message) => JSON.stringify({ error: message }),
    },
    options,
  )
}

const CREATED = '2026-01-01T00:00:00Z'

const line = (data: unknown) => `${JSON.stringify(data)}\n`
