import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createOpenAi } from '../../src/providers/openai.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { run } from '../contracts/provider-contract.ts'
import type { ModelServer } from '../servers/model-server.ts'
import { startOpenAiServer } from '../servers/openai-server.ts'
import type { Scenario } from '../servers/scenario.ts'

const KEY = 'key-of-the-test-0123456789'

/** Before anything is loaded: libraries keep the functions that they print with. */
const printed = vi.fn()
for (const level of ['log', 'warn', 'error', 'debug', 'info'] as const) vi.spyOn(console, level).mockImplementation(printed)
vi.stubEnv('OPENAI_LOG', 'debug')

describe('a provider that talks to a model server', () => {
  let server: ModelServer
  let provider: Provider
  beforeEach(async () => {
    server = await startOpenAiServer()
    provider = createOpenAi({ name: 'webui', base_url: server.url, api_key: KEY })
  })
  afterEach(() => server.stop())

  const failure = async (scenario: Scenario) => {
    server.next(scenario)
    return (await run(provider, { task: 'tune', work: { kind: 'prompt', prompt: 'Hello' }, model: 'test-model' })).answer
  }
  const wait = async (headers: Record<string, string>) => {
    const answer = await failure({ kind: 'refused', status: 429, headers })
    return answer.result === 'failed' ? answer.retry_after_ms : undefined
  }

  describe('tells a failure', () => {
    it('by who it is, what was said and what to do next', async () => {
      const answer = await failure({ kind: 'refused', status: 401, message: `Incorrect\u001b[31m API key\nprovided: ${KEY}` })
      expect(answer).toEqual({
        result: 'failed',
        kind: 'auth',
        message:
          `webui (${server.url}) did not accept the key (401): "Incorrect API key provided: [key]". ` +
          'Check the environment variable that "providers.webui.api_key" in config.json names.',
        unspent: true,
      })
    })

    it('by the key to set, where a server wants one and none is configured', async () => {
      provider = createOpenAi({ name: 'webui', base_url: server.url })
      const answer = await failure({ kind: 'refused', status: 401 })
      expect(answer).toMatchObject({ kind: 'auth', message: expect.stringContaining('Set "providers.webui.api_key" in config.json') })
    })

    it('of a key that no header can hold, without showing it', async () => {
      provider = createOpenAi({ name: 'webui', base_url: server.url, api_key: 'key-with-a-“quote”-in-it' })
      const answer = await failure({ kind: 'answer' })
      expect(answer).toMatchObject({ kind: 'auth', message: expect.stringContaining('providers.webui.api_key') })
      expect(JSON.stringify(answer)).not.toContain('quote')
      expect(server.requests).toEqual([])
    })

    it("with no more of the server's words than fit in a line", async () => {
      const answer = await failure({ kind: 'refused', status: 500, message: 'long '.repeat(10_000) })
      expect(JSON.stringify(answer).length).toBeLessThan(700)
    })

    it('without the page that a proxy shows to browsers', async () => {
      const page = { kind: 'refused', status: 502, body: '<html>Bad Gateway</html>', headers: { 'content-type': 'text/html' } } as const
      expect(JSON.stringify(await failure(page))).not.toContain('html')
    })

    it.each([
      ['{"error":"out of memory"}', 'out of memory'],
      ['{"detail":"Model is loading"}', 'Model is loading'],
      ['{"object":"error","message":"too busy","code":503}', 'too busy'],
      ['upstream went away', 'upstream went away'],
    ])('in the words of %s', async (text, words) => {
      const answer = await failure({ kind: 'refused', status: 503, body: text })
      expect(answer).toMatchObject({ kind: 'provider_down', message: expect.stringContaining(`"${words}"`) })
    })

    it.each([
      [400, 'bad_request'],
      [402, 'quota_exhausted'],
      [403, 'auth'],
      [404, 'model_missing'],
      [408, 'provider_down'],
      [413, 'bad_request'],
      [422, 'bad_request'],
      [503, 'provider_down'],
      [529, 'provider_down'],
    ])('status %i as %s', async (status, kind) => {
      expect(await failure({ kind: 'refused', status })).toMatchObject({ kind })
    })

    it('by its code where a server refuses an unknown model with another status', async () => {
      const answer = await failure({ kind: 'refused', status: 403, code: 'model_not_found' })
      expect(answer).toMatchObject({ kind: 'model_missing', message: expect.stringContaining('"test-model"') })
    })

    it.each([
      [429, 'rate_limited'],
      ['context_length_exceeded', 'provider_down'],
      [undefined, 'provider_down'],
    ])('that comes in mid-answer with the code %s as %s', async (code, kind) => {
      const answer = await failure({ kind: 'failed_midway', message: 'something broke', ...(code === undefined ? {} : { code }) })
      expect(answer).toMatchObject({ kind, message: expect.stringContaining('"something broke"') })
    })

    it('when a web page comes from a wrong address', async () => {
      const page = { kind: 'garbage', content_type: 'text/html', body: '<!doctype html><title>Chat</title>\n' } as const
      expect(await failure(page)).toMatchObject({ kind: 'bad_output', message: expect.stringContaining('providers.webui.base_url') })
    })

    it('when chunks are JSON of another shape', async () => {
      const answer = await failure({ kind: 'garbage', body: 'data: {"choices":[{"delta":{"content":{"a":1}}}]}\n\n' })
      expect(answer).toMatchObject({ kind: 'bad_output' })
    })

    it('when the token limit leaves no room for a word', async () => {
      const answer = await failure({ kind: 'answer', text: '', finish: 'length' })
      expect(answer).toMatchObject({ kind: 'bad_output', message: expect.stringContaining('max_tokens') })
    })

    it('when the connection breaks before the headers', async () => {
      expect(await failure({ kind: 'reset' })).toMatchObject({ kind: 'provider_down' })
    })

    it('without printing anything', async () => {
      await failure({ kind: 'garbage' })
      await failure({ kind: 'refused', status: 500 })
      expect(printed).not.toHaveBeenCalled()
    })
  })

  describe('says that nothing was spent', () => {
    const asked = (url: string, api_key = KEY) =>
      run(createOpenAi({ name: 'webui', base_url: url, api_key }), { task: 'tune', work: { kind: 'prompt', prompt: 'Hello' }, model: 'test-model' })

    it.each([302, 400, 401, 404, 429, 500, 503, 529])('when the server refused with %i', async (status) => {
      expect(await failure({ kind: 'refused', status })).toMatchObject({ result: 'failed', unspent: true })
    })

    it('when nobody listens, by whatever name', async () => {
      await server.stop()
      for (const url of [server.url, server.url.replace('127.0.0.1', 'localhost')]) {
        expect((await asked(url)).answer).toMatchObject({ kind: 'provider_down', message: expect.stringContaining('ECONNREFUSED'), unspent: true })
      }
    })

    it('when no secure connection came about', async () => {
      expect((await asked(server.url.replace('http:', 'https:'))).answer).toMatchObject({ kind: 'provider_down', unspent: true })
      expect(server.requests).toEqual([])
    })

    it('when the server was never asked', async () => {
      expect((await asked('')).answer).toMatchObject({ kind: 'bad_request', unspent: true })
      expect((await asked(server.url, 'key-“quoted”')).answer).toMatchObject({ kind: 'auth', unspent: true })
      const model = { task: 'tune', work: { kind: 'prompt', prompt: 'Hello' } } as const
      expect((await run(provider, model)).answer).toMatchObject({ kind: 'bad_request', unspent: true })
    })
  })

  describe('does not say that nothing was spent', () => {
    it.each<Scenario>([
      { kind: 'dropped' },
      { kind: 'reset' },
      { kind: 'cut_short' },
      { kind: 'garbage' },
      { kind: 'garbled' },
      { kind: 'failed_midway', message: 'no', code: 429 },
      { kind: 'answer', text: '' },
      // What works behind the server may have worked.
      { kind: 'refused', status: 502 },
      { kind: 'refused', status: 504 },
      { kind: 'refused', status: 524 },
    ])('of $kind', async (scenario) => {
      const answer = await failure(scenario)
      expect(answer.result).toBe('failed')
      expect(answer).not.toHaveProperty('unspent')
    })

    it('of an attempt that was interrupted', async () => {
      server.next({ kind: 'silent' })
      const abort = new AbortController()
      const asked = run(provider, { task: 'tune', work: { kind: 'prompt', prompt: 'Hello' }, model: 'test-model' }, abort.signal)
      await server.received()
      abort.abort()
      expect((await asked).answer).not.toHaveProperty('unspent')
    })
  })

  describe('says what was used', () => {
    const usage = { input: 100, cached: 60, cache_write: 30, output: 2 }

    it('by an answer, with the tokens that were written to the cache', async () => {
      expect(await failure({ kind: 'answer', usage })).toMatchObject({ result: 'answered', usage })
    })
    it('by an empty answer, which is charged like any other', async () => {
      expect(await failure({ kind: 'answer', text: '', usage })).toMatchObject({ kind: 'bad_output', usage })
    })
    it('not by an answer that broke', async () => {
      for (const kind of ['dropped', 'cut_short', 'garbled'] as const) expect(await failure({ kind })).not.toHaveProperty('usage')
    })
  })

  it('asks a server again that died and came back', async () => {
    await server.stop()
    expect(await failure({ kind: 'answer' })).toMatchObject({ kind: 'provider_down' })
    await server.restart()
    expect(await failure({ kind: 'answer' })).toMatchObject({ result: 'answered' })
  })

  describe('says how long to wait', () => {
    it('from Retry-After in seconds', async () => expect(await wait({ 'retry-after': '2' })).toBe(2000))
    it('from retry-after-ms, which is finer', async () => expect(await wait({ 'retry-after': '2', 'retry-after-ms': '1500' })).toBe(1500))
    it('from Retry-After as a date', async () => {
      const ms = await wait({ 'retry-after': new Date(Date.now() + 60_000).toUTCString() })
      expect(ms).toBeGreaterThan(30_000)
      expect(ms).toBeLessThanOrEqual(60_000)
    })
    it('none for a date that is past', async () => expect(await wait({ 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' })).toBe(0))
    it('8 days at most', async () => expect(await wait({ 'retry-after': '9'.repeat(30) })).toBe(8 * 86_400_000))
    it('nothing where the server does not, or cannot be understood', async () => {
      expect(await wait({})).toBeUndefined()
      expect(await wait({ 'retry-after': 'soon' })).toBeUndefined()
    })
    it('also when the server is down', async () => {
      expect(await failure({ kind: 'refused', status: 503, headers: { 'retry-after': '5' } })).toMatchObject({ retry_after_ms: 5000 })
    })
  })
})
