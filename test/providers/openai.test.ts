import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FinishReason, Usage } from '../../src/core/outcome.ts'
import { chatBody, createOpenAi } from '../../src/providers/openai.ts'
import type { AttemptRequest, Provider } from '../../src/providers/provider.ts'
import { modelServerStages, type ServerWorld } from '../contracts/model-server-stages.ts'
import { describeProviderContract, run } from '../contracts/provider-contract.ts'
import type { ModelServer } from '../servers/model-server.ts'
import { startOpenAiServer } from '../servers/openai-server.ts'
import { TOLD } from '../servers/scenario.ts'
import type { Scenario } from '../servers/scenario.ts'

const KEY = 'key-of-the-test-0123456789'
const TEXT = 'Alle Stimmen sind gestimmt – ♫ und bereit.\n'

const request = (more: Partial<AttemptRequest> = {}): AttemptRequest => ({
  task: 'tune',
  work: { kind: 'prompt', prompt: 'Are the voices in tune?' },
  model: 'test-model',
  ...more,
})

async function start(): Promise<ServerWorld> {
  const server = await startOpenAiServer({ answer: () => TEXT })
  const provider = createOpenAi({ name: 'webui', base_url: server.url, api_key: KEY })
  return { server, provider, released: server.closed, secrets: [KEY], stop: server.stop }
}

const stages = modelServerStages(request)

const answered = (scenario: Scenario, finish: FinishReason, usage: Usage | 'unknown' = TOLD) => (world: ServerWorld) => ({
  request: stages.next(scenario)(world),
  text: TEXT,
  finish,
  usage: usage === 'unknown' ? undefined : usage,
})

describeProviderContract<ServerWorld>('openai', {
  start,
  answers: {
    'with a streamed text': answered({ kind: 'answer' }, 'stop'),
    'with a text that the token limit cut off': answered({ kind: 'answer', finish: 'length' }, 'length'),
    'with a text that the content filter cut off': answered({ kind: 'answer', finish: 'content_filter' }, 'filtered'),
    'without usage, where the server tells none': answered({ kind: 'answer', usage: 'omitted' }, 'stop', 'unknown'),
    'where the server gives no finish reason': answered({ kind: 'answer', finish: null }, 'unknown'),
  },
  ...stages,
  fails: {
    ...stages.fails,
    'the key is refused': stages.next({ kind: 'refused', status: 401, message: `Incorrect API key provided: ${KEY}`, code: 'invalid_api_key' }),
    'the model is not there': stages.next({ kind: 'refused', status: 404, message: 'The model does not exist', code: 'model_not_found' }),
  },
})

describe('openai', () => {
  let server: ModelServer
  let provider: Provider
  beforeEach(async () => {
    server = await startOpenAiServer({ models: ['small', 'large'] })
    provider = createOpenAi({ name: 'webui', base_url: server.url, api_key: KEY })
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await server.stop()
  })

  const body = () => server.requests[0]?.body
  const health = () => provider.health(new AbortController().signal)

  describe('sends', () => {
    it('the prompt byte by byte, as a stream that ends with its usage', async () => {
      const prompt = '  # Title\r\n\n\tindented – “quoted” \u{1F3BB}\n'
      await run(provider, request({ work: { kind: 'prompt', prompt } }))
      expect(body()).toEqual({
        model: 'test-model',
        messages: [{ role: 'user', content: prompt }],
        stream: true,
        stream_options: { include_usage: true },
      })
    })

    it('the system message before the prompt', async () => {
      await run(provider, request({ work: { kind: 'prompt', prompt: 'Draw it.', system: 'You are the architect.' } }))
      expect(body()?.['messages']).toEqual([
        { role: 'system', content: 'You are the architect.' },
        { role: 'user', content: 'Draw it.' },
      ])
    })

    it('limit, temperature and workspace where the task has them', async () => {
      await run(provider, request({ max_tokens: 99, temperature: 0, workspace: 'notes' }))
      expect(body()).toMatchObject({ max_tokens: 99, temperature: 0, workspace: 'notes' })
    })

    it('the limit to OpenAI itself under the name that its newer models take', () => {
      const chat = { model: 'gpt-5.5', messages: [], max_tokens: 99 }
      expect(chatBody('https://api.openai.com/v1', chat)).toMatchObject({ max_completion_tokens: 99 })
      expect(chatBody('https://api.openai.com/v1', chat)).not.toHaveProperty('max_tokens')
    })

    it("the provider's own model to a task that names none", async () => {
      const own = createOpenAi({ name: 'webui', base_url: server.url, model: 'small' })
      await run(own, { task: 'tune', work: { kind: 'prompt', prompt: 'Hello' } })
      expect(body()?.['model']).toBe('small')
    })

    it('the key as a bearer token', async () => {
      await run(provider, request())
      expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`)
    })

    it("no key where none is configured, not even one of OpenAI's from the environment", async () => {
      vi.stubEnv('OPENAI_API_KEY', 'sk-from-the-environment')
      vi.stubEnv('OPENAI_ADMIN_KEY', 'sk-admin-from-the-environment')
      vi.stubEnv('OPENAI_ORG_ID', 'org-from-the-environment')
      vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:9')
      const { answer } = await run(createOpenAi({ name: 'local', base_url: server.url }), request())
      expect(answer.result).toBe('answered')
      expect(server.requests[0]?.headers).not.toHaveProperty('authorization')
      expect(JSON.stringify(server.requests[0]?.headers)).not.toContain('from-the-environment')
    })
  })

  describe('refuses without asking the server', () => {
    it('a request without a model, and says where to set one', async () => {
      const { answer } = await run(provider, { task: 'tune', work: { kind: 'prompt', prompt: 'Hello' } })
      expect(answer).toMatchObject({ result: 'failed', kind: 'bad_request', message: expect.stringContaining('set "model"') })
      expect(server.requests).toEqual([])
    })

    it('a command', async () => {
      const work = { kind: 'command', command: 'ls', cwd: '/', env: {} } as const
      const { answer } = await run(provider, request({ work }))
      expect(answer).toMatchObject({ result: 'failed', kind: 'bad_request' })
    })

    it("an address that is empty: the client's own default would be somebody else's server", async () => {
      const { answer } = await run(createOpenAi({ name: 'webui', base_url: '', api_key: KEY }), request())
      expect(answer).toMatchObject({ result: 'failed', kind: 'bad_request', message: expect.stringContaining('providers.webui.base_url') })
    })
  })

  it('asks once: trying again is for the conductor', async () => {
    server.next({ kind: 'refused', status: 500 })
    await run(provider, request())
    expect(server.requests).toHaveLength(1)
  })

  describe('health', () => {
    it('lists the models', async () => expect(await health()).toEqual({ state: 'ready', detail: '2 models: small, large' }))
    it('is unreachable when nothing listens', async () => {
      await server.stop()
      expect(await health()).toMatchObject({ state: 'unreachable', detail: expect.stringContaining('ECONNREFUSED') })
    })
    it.each([401, 403])('is misconfigured when the key is refused with %i', async (status) => {
      server.next({ kind: 'refused', status, message: KEY })
      const told = await health()
      expect(told).toMatchObject({ state: 'misconfigured', detail: expect.stringContaining('providers.webui.api_key') })
      expect(told.detail).not.toContain(KEY)
    })
    it.each([404, 405])('is ready when it does not list its models (%i): it may answer all the same', async (status) => {
      server.next({ kind: 'refused', status })
      expect(await health()).toEqual({ state: 'ready', detail: 'answers, but does not list its models' })
    })
    it.each([429, 500, 502, 503])('is unreachable when the server fails with %i, which may pass', async (status) => {
      server.next({ kind: 'refused', status })
      expect(await health()).toMatchObject({ state: 'unreachable', detail: expect.stringContaining(String(status)) })
    })
    it('is unreachable when something answers that is no API, as a proxy does while its server is started anew', async () => {
      server.next({ kind: 'garbage', content_type: 'text/html', body: '<!doctype html>' })
      expect(await health()).toMatchObject({ state: 'unreachable', detail: expect.stringContaining('providers.webui.base_url') })
      server.next({ kind: 'garbage', content_type: 'application/json', body: '{"torn' })
      expect(await health()).toMatchObject({ state: 'unreachable' })
    })
    it('is unreachable when it does not answer in time, and leaves nothing behind', async () => {
      server.next({ kind: 'silent' })
      const abort = new AbortController()
      const asked = provider.health(abort.signal)
      await server.received()
      abort.abort()
      expect(await asked).toMatchObject({ state: 'unreachable' })
      await server.closed()
    })
  })
})
