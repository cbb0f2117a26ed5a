import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FinishReason, Usage } from '../../src/core/outcome.ts'
import { createOllama } from '../../src/providers/ollama.ts'
import type { AttemptRequest, Provider } from '../../src/providers/provider.ts'
import { modelServerStages, type ServerWorld } from '../contracts/model-server-stages.ts'
import { describeProviderContract, run } from '../contracts/provider-contract.ts'
import type { ModelServer } from '../servers/model-server.ts'
import { startOllamaServer } from '../servers/ollama-server.ts'
import { TOLD } from '../servers/scenario.ts'
import type { Scenario } from '../servers/scenario.ts'

const TEXT = 'Toutes les voix sont accordées – ♫ et prêtes.\n'

const request = (more: Partial<AttemptRequest> = {}): AttemptRequest => ({
  task: 'tune',
  work: { kind: 'prompt', prompt: 'Are the voices in tune?' },
  model: 'llama3.1:8b',
  ...more,
})

async function start(): Promise<ServerWorld> {
  const server = await startOllamaServer({ answer: () => TEXT })
  const provider = createOllama({ name: 'local', host: server.url })
  return { server, provider, released: server.closed, secrets: [], stop: server.stop }
}

const stages = modelServerStages(request)

const COUNTED: Usage = { input: TOLD.input, output: TOLD.output }

const answered = (scenario: Scenario, finish: FinishReason, usage: Usage | 'unknown' = COUNTED) => (world: ServerWorld) => ({
  request: stages.next(scenario)(world),
  text: TEXT,
  finish,
  usage: usage === 'unknown' ? undefined : usage,
})

describeProviderContract<ServerWorld>('ollama', {
  start,
  answers: {
    'with a streamed text': answered({ kind: 'answer' }, 'stop'),
    'with a text that the token limit cut off': answered({ kind: 'answer', finish: 'length' }, 'length'),
    'without usage, where the server tells none': answered({ kind: 'answer', usage: 'omitted' }, 'stop', 'unknown'),
    'where the server gives no finish reason': answered({ kind: 'answer', finish: null }, 'unknown'),
  },
  ...stages,
  fails: {
    ...stages.fails,
    'the model is not there': stages.next({ kind: 'refused', status: 404, message: "model 'llama3.1:8b' not found" }),
  },
})

describe('ollama', () => {
  let server: ModelServer
  let provider: Provider
  beforeEach(async () => {
    server = await startOllamaServer({ models: ['llama3.1:8b', 'qwen3:latest'] })
    provider = createOllama({ name: 'local', host: server.url })
  })
  afterEach(() => server.stop())

  const failure = async (scenario: Scenario) => {
    server.next(scenario)
    return (await run(provider, request())).answer
  }

  const health = (of: Provider = provider) => of.health(new AbortController().signal)
  const own = (model: string) => createOllama({ name: 'local', host: server.url, model })

  it('sends system message, prompt, limit and temperature in its own words', async () => {
    const work = { kind: 'prompt', prompt: 'Draw it.\r\n', system: 'You are the architect.' } as const
    await run(provider, request({ work, max_tokens: 99, temperature: 0 }))
    expect(server.requests[0]?.body).toEqual({
      model: 'llama3.1:8b',
      stream: true,
      messages: [
        { role: 'system', content: 'You are the architect.' },
        { role: 'user', content: 'Draw it.\r\n' },
      ],
      options: { num_predict: 99, temperature: 0 },
    })
  })

  it('sends no workspace: the server knows none', async () => {
    await run(provider, request({ workspace: 'notes' }))
    expect(server.requests[0]?.body).not.toHaveProperty('workspace')
  })

  it("uses the provider's own model for a task that names none, and refuses a task where both name none", async () => {
    const nameless: AttemptRequest = { task: 'tune', work: { kind: 'prompt', prompt: 'Hello' } }
    await run(createOllama({ name: 'local', host: server.url, model: 'qwen3' }), nameless)
    expect(server.requests[0]?.model).toBe('qwen3')
    const { answer } = await run(provider, nameless)
    expect(answer).toMatchObject({ result: 'failed', kind: 'bad_request', message: expect.stringContaining('set "model"') })
  })

  it('says how to get a model that is missing', async () => {
    expect(await failure({ kind: 'refused', status: 404, message: "model 'llama3.1:8b' not found" })).toEqual({
      result: 'failed',
      kind: 'model_missing',
      message:
        `local (${server.url}) does not have the model, or nothing at this address (404): "model 'llama3.1:8b' not found". ` +
        'Run: ollama pull llama3.1:8b',
      unspent: true,
    })
  })

  it('takes up an error in the middle of an answer', async () => {
    const answer = await failure({ kind: 'failed_midway', message: 'an error was encountered while running the model' })
    expect(answer).toMatchObject({ kind: 'provider_down', message: expect.stringContaining('while running the model') })
  })

  it('passes on how long a proxy before it wants us to wait', async () => {
    expect(await failure({ kind: 'refused', status: 429, headers: { 'retry-after': '3' } })).toMatchObject({ retry_after_ms: 3000 })
  })

  it('reads a last line without a line end', async () => {
    server.next({ kind: 'garbage', body: '{"message":{"role":"assistant","content":"Yes."},"done":true,"done_reason":"stop"}' })
    expect((await run(provider, request())).answer).toMatchObject({ result: 'answered', text: 'Yes.', finish: 'stop' })
  })

  it('leaves no connection open behind an answer that is whole', async () => {
    server.next({ kind: 'unended' })
    expect((await run(provider, request())).answer.result).toBe('answered')
    await server.closed()
  })

  it('prints nothing, whatever comes over the wire', async () => {
    const print = (['log', 'warn', 'error', 'debug', 'info'] as const).map((level) => vi.spyOn(console, level))
    await failure({ kind: 'garbage' })
    await failure({ kind: 'garbage', body: '\n\n' })
    await failure({ kind: 'garbage', body: '5\n' })
    await failure({ kind: 'refused', status: 500, body: 'not json' })
    for (const spy of print) expect(spy).not.toHaveBeenCalled()
    vi.restoreAllMocks()
  })

  describe('host', () => {
    it('may be as short as in OLLAMA_HOST', async () => {
      const short = createOllama({ name: 'local', host: server.url.replace('http://', '') })
      expect((await run(short, request())).answer.result).toBe('answered')
      const shorter = createOllama({ name: 'local', host: server.url.replace('http://127.0.0.1', '') })
      expect((await run(shorter, request())).answer.result).toBe('answered')
    })

    it('must not be empty', async () => {
      const { answer } = await run(createOllama({ name: 'local', host: '' }), request())
      expect(answer).toMatchObject({ kind: 'bad_request', message: expect.stringContaining('providers.local.host') })
    })
  })

  describe('health', () => {
    it('tells version and models', async () => {
      expect(await health()).toEqual({ state: 'ready', detail: 'version 0.12.6, 2 models: llama3.1:8b, qwen3:latest' })
    })
    it("is ready when the provider's own model is there, with or without its tag", async () => {
      expect(await health(own('llama3.1:8b'))).toMatchObject({ state: 'ready' })
      expect(await health(own('qwen3'))).toMatchObject({ state: 'ready' })
    })
    it("is misconfigured when the provider's own model is missing, and says how to get it", async () => {
      expect(await health(own('gemma3'))).toMatchObject({ state: 'misconfigured', detail: expect.stringContaining('ollama pull gemma3') })
    })
    it('is unreachable when nothing listens', async () => {
      await server.stop()
      expect(await health()).toMatchObject({ state: 'unreachable', detail: expect.stringContaining('ollama serve') })
    })
    it('is unreachable when something else listens there', async () => {
      server.next({ kind: 'garbage', content_type: 'text/html', body: '<!doctype html>' }, { kind: 'refused', status: 404 })
      expect(await health()).toMatchObject({ state: 'unreachable' })
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
