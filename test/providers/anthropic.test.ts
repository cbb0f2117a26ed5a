import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Outcome, type FinishReason, type Usage } from '../../src/core/outcome.ts'
import { createAnthropic } from '../../src/providers/anthropic.ts'
import type { AttemptRequest, Provider } from '../../src/providers/provider.ts'
import { modelServerStages, type ServerWorld } from '../contracts/model-server-stages.ts'
import { describeProviderContract, run } from '../contracts/provider-contract.ts'
import { startAnthropicServer } from '../servers/anthropic-server.ts'
import type { ModelServer } from '../servers/model-server.ts'
import { TOLD } from '../servers/scenario.ts'
import type { Scenario } from '../servers/scenario.ts'

const KEY = 'key-of-the-test-0123456789'
const TEXT = 'Alle Stimmen sind gestimmt – ♫ und bereit.\n'

/** Before anything is loaded: libraries keep the functions that they print with. */
const printed = vi.fn()
for (const level of ['log', 'warn', 'error', 'debug', 'info'] as const) vi.spyOn(console, level).mockImplementation(printed)
vi.stubEnv('ANTHROPIC_LOG', 'debug')

const request = (more: Partial<AttemptRequest> = {}): AttemptRequest => ({
  task: 'tune',
  work: { kind: 'prompt', prompt: 'Are the voices in tune?' },
  model: 'test-model',
  ...more,
})

async function start(): Promise<ServerWorld> {
  const server = await startAnthropicServer({ answer: () => TEXT })
  const provider = createAnthropic({ name: 'claude', base_url: server.url, api_key: KEY })
  return { server, provider, released: server.closed, secrets: [KEY], stop: server.stop }
}

const stages = modelServerStages(request)

const answered = (scenario: Scenario, finish: FinishReason, usage: Usage | 'unknown' = { ...TOLD, cache_write: 0 }) => (world: ServerWorld) => ({
  request: stages.next(scenario)(world),
  text: TEXT,
  finish,
  usage: usage === 'unknown' ? undefined : usage,
})

const event = (type: string, data: string) => `event: ${type}\ndata: ${data}\n\n`

describeProviderContract<ServerWorld>('anthropic', {
  start,
  answers: {
    'with a streamed text': answered({ kind: 'answer' }, 'stop'),
    'with a text that ended at a stop sequence': answered({ kind: 'answer', finish: 'stop_sequence' }, 'stop'),
    'with a text that the token limit cut off': answered({ kind: 'answer', finish: 'max_tokens' }, 'length'),
    "with a text that the model's context cut off": answered({ kind: 'answer', finish: 'model_context_window_exceeded' }, 'length'),
    'with a text that the model refused to go on with': answered({ kind: 'answer', finish: 'refusal' }, 'filtered'),
    'where it ended for a reason that we do not know': answered({ kind: 'answer', finish: 'pause_turn' }, 'unknown'),
    'where the server gives no reason': answered({ kind: 'answer', finish: null }, 'unknown'),
    'without usage, where the server tells none': answered({ kind: 'answer', usage: 'omitted' }, 'stop', 'unknown'),
    'with cached tokens told apart, all of them part of the input': answered(
      { kind: 'answer', usage: { input: 1000, cached: 700, cache_write: 200, output: 40 } },
      'stop',
      { input: 1000, cached: 700, cache_write: 200, output: 40 },
    ),
    'before a server that keeps the connection open afterwards': answered({ kind: 'unended' }, 'stop'),
  },
  ...stages,
  fails: {
    ...stages.fails,
    'the key is refused': stages.next({ kind: 'refused', status: 401, message: `invalid x-api-key: ${KEY}`, code: 'authentication_error' }),
    'the model is not there': stages.next({ kind: 'refused', status: 404, message: 'model: test-model', code: 'not_found_error' }),
    'the server fails': stages.next({ kind: 'refused', status: 529, message: 'Overloaded', code: 'overloaded_error' }),
    'the body is garbage': stages.next({ kind: 'garbage', body: event('message_start', '<<not json>>') }),
  },
})

describe('anthropic', () => {
  let server: ModelServer
  let provider: Provider
  beforeEach(async () => {
    server = await startAnthropicServer({ models: ['small', 'large'] })
    provider = createAnthropic({ name: 'claude', base_url: server.url, api_key: KEY })
  })
  afterEach(() => server.stop())

  const body = () => server.requests[0]?.body
  const health = () => provider.health(new AbortController().signal)
  const failure = async (scenario: Scenario) => {
    server.next(scenario)
    return (await run(provider, request())).answer
  }

  describe('sends', () => {
    it('the prompt byte by byte, as a stream, with a limit where the task has none', async () => {
      const prompt = '  # Title\r\n\n\tindented – “quoted” \u{1F3BB}\n'
      await run(provider, request({ work: { kind: 'prompt', prompt } }))
      expect(body()).toEqual({ model: 'test-model', max_tokens: 8192, messages: [{ role: 'user', content: prompt }], stream: true })
    })

    it('the system message beside the messages', async () => {
      await run(provider, request({ work: { kind: 'prompt', prompt: 'Draw it.', system: 'You are the architect.' } }))
      expect(body()).toMatchObject({ system: 'You are the architect.', messages: [{ role: 'user', content: 'Draw it.' }] })
    })

    it('limit and temperature where the task has them', async () => {
      await run(provider, request({ max_tokens: 99, temperature: 0 }))
      expect(body()).toMatchObject({ max_tokens: 99, temperature: 0 })
    })

    it("the provider's own model and limit to a task that names none", async () => {
      const own = createAnthropic({ name: 'claude', base_url: server.url, model: 'small', max_tokens: 500 })
      await run(own, { task: 'tune', work: { kind: 'prompt', prompt: 'Hello' } })
      expect(body()).toMatchObject({ model: 'small', max_tokens: 500 })
    })

    it('the key in its own header, and the version of the API', async () => {
      await run(provider, request())
      expect(server.requests[0]?.headers).toMatchObject({ 'x-api-key': KEY, 'anthropic-version': '2023-06-01' })
    })

    it('no key where none is configured, and nothing that the environment holds for another server', async () => {
      vi.stubEnv('ANTHROPIC_API_KEY', 'key-from-the-environment')
      vi.stubEnv('ANTHROPIC_AUTH_TOKEN', 'token-from-the-environment')
      vi.stubEnv('ANTHROPIC_CUSTOM_HEADERS', 'x-api-key: header-from-the-environment\nx-gateway: gateway-from-the-environment')
      vi.stubEnv('ANTHROPIC_BASE_URL', 'http://127.0.0.1:9')
      const { answer } = await run(createAnthropic({ name: 'local', base_url: server.url }), request())
      expect(answer.result).toBe('answered')
      expect(server.requests[0]?.headers).not.toHaveProperty('x-api-key')
      expect(server.requests[0]?.headers).not.toHaveProperty('authorization')
      expect(JSON.stringify(server.requests[0]?.headers)).not.toContain('from-the-environment')
    })

    it('the key to nobody else: a redirect is not followed', async () => {
      const elsewhere = await startAnthropicServer()
      const answer = await failure({ kind: 'refused', status: 307, headers: { location: `${elsewhere.url}/v1/messages` } })
      expect(answer).toMatchObject({ result: 'failed', kind: 'bad_output', message: expect.stringContaining('307') })
      expect(elsewhere.requests).toEqual([])
      await elsewhere.stop()
    })
  })

  it('takes the last word on the input from the end of the stream, where it is told again', async () => {
    const usage = { input_tokens: 50, cache_read_input_tokens: 20, cache_creation_input_tokens: null, output_tokens: 9 }
    const end = { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage }
    const answer = await failure({
      kind: 'garbage',
      body:
        event('message_start', '{"type":"message_start","message":{"usage":{"input_tokens":5,"cache_creation_input_tokens":4,"output_tokens":1}}}') +
        event('content_block_delta', '{"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"Hm."}}') +
        event('content_block_delta', '{"type":"content_block_delta","delta":{"type":"text_delta","text":"In tune."}}') +
        event('something_new', '{"type":"something_new"}') +
        event('message_delta', JSON.stringify(end)) +
        event('message_stop', '{"type":"message_stop"}'),
    })
    expect(answer).toEqual({ result: 'answered', text: 'In tune.', finish: 'stop', usage: { input: 74, cached: 20, cache_write: 4, output: 9 } })
  })

  describe('tells a failure', () => {
    it.each([
      ['overloaded_error', 'provider_down'],
      ['api_error', 'provider_down'],
      ['timeout_error', 'provider_down'],
      ['rate_limit_error', 'rate_limited'],
      ['authentication_error', 'auth'],
      ['permission_error', 'auth'],
      ['not_found_error', 'model_missing'],
      ['invalid_request_error', 'bad_request'],
      ['request_too_large', 'bad_request'],
      ['billing_error', 'quota_exhausted'],
      ['an_error_of_tomorrow', 'provider_down'],
    ])('that comes in mid-answer as %s as %s', async (code, kind) => {
      const answer = await failure({ kind: 'failed_midway', message: `something broke, ${KEY}`, code })
      expect(answer).toMatchObject({ kind, message: expect.stringContaining('"something broke, [key]"') })
      expect(answer).not.toHaveProperty('unspent')
    })

    it('in the shape of nothing that we know, in mid-answer', async () => {
      expect(await failure({ kind: 'garbled', body: event('error', '{"type":"error"}') })).toMatchObject({ kind: 'bad_output' })
    })

    it.each([
      [400, 'billing_error'],
      [402, 'billing_error'],
    ])('of an account without credit, with %i', async (status, code) => {
      expect(await failure({ kind: 'refused', status, code })).toMatchObject({ kind: 'quota_exhausted', unspent: true })
    })

    it('of a limit on spending, which comes as if it were one on requests', async () => {
      const details = { error_visibility: 'user_facing', error_code: 'enforced_spend_limit_reached' }
      const said = { type: 'error', error: { type: 'rate_limit_error', message: 'monthly limit', details } }
      expect(await failure({ kind: 'refused', status: 429, body: JSON.stringify(said) })).toMatchObject({ kind: 'quota_exhausted' })
    })

    it('with what an empty answer used', async () => {
      const usage = { input: 100, cached: 60, cache_write: 30, output: 2 }
      expect(await failure({ kind: 'answer', text: '', usage })).toMatchObject({ kind: 'bad_output', usage })
    })

    it.each<Scenario>([{ kind: 'dropped' }, { kind: 'cut_short' }, { kind: 'failed_midway', message: 'no', code: 'api_error' }])(
      'without the first figures of an answer that broke: $kind',
      async (scenario) => expect(await failure(scenario)).not.toHaveProperty('usage'),
    )

    it('with the time at which the quota is there again', async () => {
      const reset = new Date(Date.now() + 3_600_000).toISOString()
      const headers = { 'anthropic-ratelimit-input-tokens-remaining': '0', 'anthropic-ratelimit-input-tokens-reset': reset }
      const answer = await failure({ kind: 'refused', status: 429, code: 'rate_limit_error', headers })
      const wait = answer.result === 'failed' ? (answer.retry_after_ms ?? 0) : 0
      expect(wait).toBeGreaterThan(3_500_000)
      expect(wait).toBeLessThanOrEqual(3_600_000)
    })

    it('without printing anything', async () => {
      await failure({ kind: 'garbage', body: event('message_start', `{"torn ${KEY}`) })
      await failure({ kind: 'refused', status: 500, message: KEY })
      await run(provider, request({ model: 'claude-sonnet-4-5' }))
      expect(printed).not.toHaveBeenCalled()
    })
  })

  describe('refuses without asking the server', () => {
    it('a request without a model, and says where to set one', async () => {
      const { answer } = await run(provider, { task: 'tune', work: { kind: 'prompt', prompt: 'Hello' } })
      expect(answer).toMatchObject({ kind: 'bad_request', message: expect.stringContaining('set "model"'), unspent: true })
      expect(server.requests).toEqual([])
    })

    it("an address that is empty: the client's own default would be somebody else's server", async () => {
      const { answer } = await run(createAnthropic({ name: 'claude', base_url: '', api_key: KEY }), request())
      expect(answer).toMatchObject({ kind: 'bad_request', message: expect.stringContaining('providers.claude.base_url'), unspent: true })
    })
  })

  it('asks once: trying again is for the conductor', async () => {
    await failure({ kind: 'refused', status: 529 })
    expect(server.requests).toHaveLength(1)
  })

  it('does not believe numbers of tokens that no request can use: their sums would be no numbers', async () => {
    const told = await failure({ kind: 'answer', usage: { input: 9e15, cached: 3, output: 2 } })
    expect(told.usage).toEqual({ input: undefined, cached: 3, cache_write: 0, output: 2 })
    const all = await failure({ kind: 'answer', usage: { input: 3 * 9e15, cached: 9e15, cache_write: 9e15, output: 9e15 } })
    expect(all).toMatchObject({ result: 'answered' })
    expect(Outcome.safeParse({ ...all, duration_ms: 1 }).error).toBeUndefined()
  })

  describe('health', () => {
    it('lists the models', async () => expect(await health()).toEqual({ state: 'ready', detail: '2 models: small, large' }))
    it('is unreachable when nothing listens', async () => {
      await server.stop()
      expect(await health()).toMatchObject({ state: 'unreachable', detail: expect.stringContaining('ECONNREFUSED') })
    })
    it('is misconfigured when the key is refused', async () => {
      server.next({ kind: 'refused', status: 401, message: KEY })
      const told = await health()
      expect(told).toMatchObject({ state: 'misconfigured', detail: expect.stringContaining('providers.claude.api_key') })
      expect(told.detail).not.toContain(KEY)
    })
    it('is ready when it does not list its models', async () => {
      server.next({ kind: 'refused', status: 404 })
      expect(await health()).toMatchObject({ state: 'ready' })
    })
    it('is unreachable when something answers that is not the API', async () => {
      server.next({ kind: 'garbage', content_type: 'text/html', body: '<!doctype html>' })
      expect(await health()).toMatchObject({ state: 'unreachable' })
    })
  })
})
