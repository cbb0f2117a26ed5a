import { describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { startAnthropicServer } from '../servers/anthropic-server.ts'
import { startOllamaServer } from '../servers/ollama-server.ts'
import { startOpenAiServer } from '../servers/openai-server.ts'
import { run } from '../contracts/provider-contract.ts'

const loaded: string[] = []
for (const library of ['openai', '@anthropic-ai/sdk', 'ollama', 'undici', 'execa']) {
  vi.doMock(library, (original) => {
    loaded.push(library)
    return original()
  })
}
const { ProviderOptions, createProvider } = await import('../../src/providers/registry.ts')
const loadedByImport = [...loaded]

const create = (name: string, options: unknown) => createProvider(name, ProviderOptions.parse(options), { workspace: '/', secrets: [], environment: process.env })
const prompt = { task: 'tune', work: { kind: 'prompt', prompt: 'Hello' } } as const
const complaint = (options: unknown) => z.prettifyError(ProviderOptions.safeParse(options).error ?? new z.ZodError([]))

describe('the registry of providers', () => {
  it('loads no client library by itself', () => {
    expect(loadedByImport).toEqual([])
  })

  it('fills in what the configuration leaves out', () => {
    expect(ProviderOptions.parse({ type: 'openai' })).toEqual({ type: 'openai', base_url: 'https://api.openai.com/v1', free: false })
    const claude = { base_url: 'https://api.anthropic.com', max_tokens: 8192, free: false }
    expect(ProviderOptions.parse({ type: 'anthropic' })).toEqual({ type: 'anthropic', ...claude })
    expect(ProviderOptions.parse({ type: 'ollama' })).toEqual({ type: 'ollama', host: 'http://127.0.0.1:11434', free: false })
    const rehearsed = { price_usd: 0, latency_ms: 400, length: 60, fail_kind: 'provider_down' }
    expect(ProviderOptions.parse({ type: 'rehearsal' })).toEqual({ type: 'rehearsal', ...rehearsed })
    expect(ProviderOptions.parse({ type: 'command' })).toEqual({ type: 'command' })
  })

  it('describes every key, for editors', () => {
    const { oneOf = [] } = z.toJSONSchema(ProviderOptions, { io: 'input' })
    expect(oneOf.length).toBeGreaterThan(3)
    const keys = oneOf.flatMap(({ properties = {} }) => Object.entries(properties))
    for (const [key, schema] of keys) expect(schema, key).toHaveProperty('description')
  })

  it('takes references, which are filled in later and may be empty', () => {
    expect(ProviderOptions.parse({ type: 'openai', base_url: '${WEBUI_URL}/api' })).toMatchObject({ base_url: '${WEBUI_URL}/api' })
    expect(ProviderOptions.parse({ type: 'ollama', host: '' })).toMatchObject({ host: '' })
    expect(ProviderOptions.parse({ type: 'ollama', host: 'gpu:11434' })).toMatchObject({ host: 'gpu:11434' })
  })

  it('names the key that is wrong, and what was expected', () => {
    expect(complaint({ type: 'openai', base_url: 'localhost:8080' })).toMatch(/must be an address such as http.*\n.*base_url/)
    expect(complaint({ type: 'openai', base_url: 'https://me:secret@host/v1' })).toMatch(/must not hold a user name or a password/)
    expect(complaint({ type: 'ollama', hots: 'x' })).toContain('hots')
    expect(complaint({ type: 'llama' })).toContain('type')
    expect(complaint({ type: 'rehearsal', fail_kind: 'interrupted' })).toContain('fail_kind')
  })

  it('makes a provider of each type that calls models', async () => {
    const [openAi, anthropic, ollama] = await Promise.all([startOpenAiServer(), startAnthropicServer(), startOllamaServer()])
    const providers = await Promise.all([
      create('webui', { type: 'openai', base_url: openAi.url, model: 'small' }),
      create('claude', { type: 'anthropic', base_url: anthropic.url, model: 'small' }),
      create('local', { type: 'ollama', host: ollama.url, model: 'small' }),
      create('rehearsal', { type: 'rehearsal', latency_ms: 0 }),
    ])
    for (const provider of providers) expect((await run(provider, prompt)).answer.result).toBe('answered')
    await Promise.all([openAi.stop(), anthropic.stop(), ollama.stop()])
    // The libraries come with the first attempt: that shows that the first test would have seen them.
    expect(loaded.sort()).toEqual(['@anthropic-ai/sdk', 'ollama', 'openai', 'undici'])
  })

  it('makes a provider that runs commands', async () => {
    const work = { kind: 'command', command: 'echo in tune', cwd: process.cwd(), env: {} } as const
    const { answer } = await run(await create('command', { type: 'command' }), { task: 'tune', work })
    expect(answer).toMatchObject({ result: 'answered', text: expect.stringContaining('in tune') })
  })
})
