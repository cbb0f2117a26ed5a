import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Usage } from '../../src/core/outcome.ts'
import type { Reply } from '../../src/core/question.ts'
import { createAnthropic } from '../../src/providers/anthropic.ts'
import { createOllama } from '../../src/providers/ollama.ts'
import { createOpenAi } from '../../src/providers/openai.ts'
import type { AskPerson, AttemptRequest, Provider } from '../../src/providers/provider.ts'
import { run } from '../contracts/provider-contract.ts'
import { startAnthropicServer } from '../servers/anthropic-server.ts'
import type { ModelServer } from '../servers/model-server.ts'
import { startOllamaServer } from '../servers/ollama-server.ts'
import { startOpenAiServer } from '../servers/openai-server.ts'
import { TOLD, type Call, type Scenario } from '../servers/scenario.ts'

const parameters = { type: 'object', properties: { question: expect.anything(), options: expect.anything(), default: expect.anything() }, required: ['question'] }
const ofFunction = [{ type: 'function', function: { name: 'ask_user', description: expect.any(String), parameters } }]
const call = { question: 'Which key?', options: ['C', 'G'] }
const other = { question: 'How fast?' }
const prompt = { role: 'user', content: 'Sing.' }

type Protocol = {
  start: () => Promise<ModelServer>
  provider: (url: string) => Provider
  tools: unknown
  /** The messages after two calls that were answered with "G" and "fast". */
  conversation: unknown
  /** The usage of one round, as it comes back. */
  usage: Usage
}

const PROTOCOLS: [string, Protocol][] = [
  [
    'openai',
    {
      start: startOpenAiServer,
      provider: (base_url) => createOpenAi({ name: 'there', base_url }),
      tools: ofFunction,
      conversation: [
        prompt,
        {
          role: 'assistant',
          content: 'Let me ask.',
          tool_calls: [
            { id: 'call_of_ask_user_0', type: 'function', function: { name: 'ask_user', arguments: JSON.stringify(call) } },
            { id: 'call_of_ask_user_1', type: 'function', function: { name: 'ask_user', arguments: JSON.stringify(other) } },
          ],
        },
        { role: 'tool', tool_call_id: 'call_of_ask_user_0', content: 'G' },
        { role: 'tool', tool_call_id: 'call_of_ask_user_1', content: 'fast' },
      ],
      usage: TOLD,
    },
  ],
  [
    'anthropic',
    {
      start: startAnthropicServer,
      provider: (base_url) => createAnthropic({ name: 'there', base_url }),
      tools: [{ name: 'ask_user', description: expect.any(String), input_schema: parameters }],
      conversation: [
        prompt,
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'Let me ask.' },
            { type: 'tool_use', id: 'toolu_1', name: 'ask_user', input: call },
            { type: 'tool_use', id: 'toolu_2', name: 'ask_user', input: other },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'toolu_1', content: 'G' },
            { type: 'tool_result', tool_use_id: 'toolu_2', content: 'fast' },
          ],
        },
      ],
      usage: { ...TOLD, cache_write: 0 },
    },
  ],
  [
    'ollama',
    {
      start: startOllamaServer,
      provider: (host) => createOllama({ name: 'there', host }),
      tools: ofFunction,
      conversation: [
        prompt,
        {
          role: 'assistant',
          content: 'Let me ask.',
          tool_calls: [{ function: { name: 'ask_user', arguments: call } }, { function: { name: 'ask_user', arguments: other } }],
        },
        { role: 'tool', tool_name: 'ask_user', content: 'G' },
        { role: 'tool', tool_name: 'ask_user', content: 'fast' },
      ],
      usage: { input: TOLD.input, output: TOLD.output },
    },
  ],
]

describe.each(PROTOCOLS)('a model served by %s that may ask a person', (name, { start, provider: create, tools, conversation, usage }) => {
  let server: ModelServer
  let provider: Provider
  beforeEach(async () => {
    server = await start()
    provider = create(server.url)
  })
  afterEach(() => server.stop())

  const request: AttemptRequest = { task: 'sing', work: { kind: 'prompt', prompt: 'Sing.' }, model: 'test-model' }
  const answering = (...answers: string[]): AskPerson => async (question) => ({ is: 'answered', answers: [(question.kind === 'question' && question.asks[0]?.text === other.question ? answers[1] : answers[0]) ?? ''] })
  const asks = (...inputs: object[]): Extract<Scenario, { kind: 'calls' }> => ({ kind: 'calls', calls: inputs.map((given): Call => ({ name: 'ask_user', arguments: given })) })
  const done: Scenario = { kind: 'answer', text: 'La la.' }
  const play = async (ask: AskPerson | undefined, ...scenarios: Scenario[]) => {
    server.next(...scenarios)
    return run(provider, request, undefined, ask)
  }
  /** What the model was told last. */
  const told = () => JSON.stringify(server.requests.at(-1)?.body['messages'])
  const twice = Object.fromEntries(Object.entries(usage).map(([key, count = 0]) => [key, 2 * count]))

  it('is offered nothing where it may not, and then calls in vain', async () => {
    const { answer } = await play(undefined, asks(call))
    expect(server.requests).toHaveLength(1)
    expect(server.requests[0]?.body).not.toHaveProperty('tools')
    expect(answer).toMatchObject({ kind: 'bad_output', message: expect.stringContaining('empty answer') })
  })

  it('is offered a tool, calls it more than once, and goes on with the answers', async () => {
    const { answer, written } = await play(answering('G', 'fast'), { ...asks(call, other), text: 'Let me ask.' }, done)
    expect(server.requests[0]?.body['tools']).toEqual(tools)
    expect(server.requests[1]?.body['tools']).toEqual(tools)
    expect(server.requests[1]?.body['messages']).toEqual(conversation)
    expect(answer).toEqual({ result: 'answered', text: 'La la.', finish: 'stop', usage: twice })
    expect(written).toBe('Let me ask.\nLa la.')
  })

  it('may answer without asking', async () => {
    expect((await play(answering('G'), done)).answer).toEqual({ result: 'answered', text: 'La la.', finish: 'stop', usage })
    expect(server.requests).toHaveLength(1)
  })

  it('holds no request open while somebody is asked', async () => {
    let reply: ((reply: Reply) => void) | undefined
    const running = play(() => new Promise((resolve) => (reply = resolve)), { ...asks(call), stays_open: name === 'anthropic' }, done)
    await vi.waitFor(() => expect(reply).toBeDefined(), { timeout: 10_000 })
    await vi.waitFor(() => expect(server.open()).toBe(0), { timeout: 10_000 })
    reply?.({ is: 'answered', answers: ['G'] })
    expect((await running).answer).toMatchObject({ result: 'answered' })
  })

  it.each<[Reply, string]>([
    [{ is: 'unanswered', message: 'it is night' }, 'Nobody answers this (it is night). Decide by yourself'],
    [{ is: 'denied' }, 'Nobody answers this. Decide by yourself'],
  ])('is told where nobody answers: %j', async (reply, said) => {
    expect((await play(async () => reply, asks(call), done)).answer).toMatchObject({ result: 'answered' })
    expect(told()).toContain(said)
  })

  it.each<[string, Call, string]>([
    ['there is no such tool', { name: 'bash', arguments: { command: 'rm' } }, 'There is no tool \\"bash\\"'],
    ['it has no question', { name: 'ask_user', arguments: { options: ['C'] } }, 'This cannot be asked: \\"question\\"'],
  ])('is told what was wrong with a call where %s, and may do better', async (_name, wrong, said) => {
    const ask = vi.fn(answering('G'))
    expect((await play(ask, { kind: 'calls', calls: [wrong] }, asks(call), done)).answer).toMatchObject({ result: 'answered' })
    expect(JSON.stringify(server.requests[1]?.body['messages'])).toContain(said)
    expect(ask).toHaveBeenCalledTimes(1)
  })

  it('has failed when it does nothing but call what is not there, and what that has used is known', async () => {
    const wrong: Scenario = { kind: 'calls', calls: [{ name: 'bash', arguments: {} }] }
    const { answer } = await play(answering('G'), wrong, wrong, wrong, done)
    expect(answer).toMatchObject({ kind: 'bad_output', message: expect.stringContaining('3 times in a row calls that cannot be carried out'), usage: { input: 3 * TOLD.input } })
    expect(server.requests).toHaveLength(3)
  })

  it('has failed when it never comes to an end of its questions', async () => {
    const { answer } = await play(answering('G'), ...Array.from({ length: 20 }, () => asks(call)))
    expect(answer).toMatchObject({ kind: 'bad_output', message: expect.stringContaining('questions 4 times in a row') })
  })

  it('asks nobody a whole heap of questions at once', async () => {
    const ask = vi.fn(answering('G'))
    await play(ask, asks(...Array.from({ length: 50 }, () => call)), done)
    expect(ask).toHaveBeenCalledTimes(4)
  })

  it('has used what all of its rounds have, and what is not told of one is not known', async () => {
    expect((await play(answering('G'), { ...asks(call), usage: 'omitted' }, done)).answer).toMatchObject({ result: 'answered', usage: undefined })
  })

  it('is charged for the rounds before when a later one is turned away, and is not called unspent', async () => {
    const { answer } = await play(answering('G'), asks(call), { kind: 'refused', status: 429 })
    expect(answer).toMatchObject({ kind: 'rate_limited', usage })
    expect(answer).not.toHaveProperty('unspent')
    expect((await play(answering('G'), asks(call), { kind: 'dropped' })).answer).toMatchObject({ kind: 'provider_down', usage: undefined })
    expect((await play(answering('G'), { kind: 'refused', status: 429 })).answer).toMatchObject({ kind: 'rate_limited', unspent: true })
  })

  it('has been cut short when its call has no end', async () => {
    expect((await play(answering('G'), { kind: 'cut_short' })).answer).toMatchObject({ kind: 'provider_down' })
  })

  it('is asked without the tool where its server takes none', async () => {
    const { answer, written } = await play(answering('G'), { kind: 'refused', status: 400, message: 'test-model does not support tools' }, done)
    expect(answer).toMatchObject({ result: 'answered', text: 'La la.' })
    expect(server.requests[1]?.body).not.toHaveProperty('tools')
    expect(written).toContain('sent without')
    const refused: Scenario = { kind: 'refused', status: 400, message: 'temperature is too high' }
    expect((await play(answering('G'), refused, refused)).answer).toMatchObject({ kind: 'bad_request', unspent: true })
  })
})

describe('calls as some servers stream them', () => {
  it.each([
    ['in one piece each, without saying which is which', [{ id: 'a', function: { name: 'ask_user', arguments: '{"question":"One?"}' } }, { id: 'b', function: { name: 'ask_user', arguments: '{"question":"Two?"}' } }]],
    ['in pieces, without an index', [{ id: 'a', function: { name: 'ask_user', arguments: '{"question":' } }, { function: { arguments: '"One?"}' } }, { id: 'b', function: { name: 'ask_user', arguments: '{"question":"Two?"}' } }]],
    ['with the id in every piece', [{ index: 0, id: 'a', function: { name: 'ask_user', arguments: '{"question":' } }, { index: 0, id: 'a', function: { name: 'ask_user', arguments: '"One?"}' } }, { index: 1, id: 'b', function: { name: 'ask_user', arguments: '{"question":"Two?"}' } }]],
  ])('are understood: %s', async (_, deltas) => {
    const server = await startOpenAiServer()
    const chunks = [...deltas.map((each) => ({ delta: { tool_calls: [each] } })), { delta: {}, finish_reason: 'tool_calls' }]
    const body = [...chunks.map((choice) => JSON.stringify({ choices: [choice] })), '[DONE]'].map((data) => `data: ${data}\n\n`).join('')
    server.next({ kind: 'garbage', body }, { kind: 'answer' })
    const provider = createOpenAi({ name: 'there', base_url: server.url })
    const asked: unknown[] = []
    await run(provider, { task: 'sing', work: { kind: 'prompt', prompt: 'Sing.' }, model: 'm' }, undefined, async (question) => {
      asked.push(question.kind === 'question' ? question.asks[0]?.text : question)
      return { is: 'denied' }
    })
    expect(asked).toEqual(['One?', 'Two?'])
    await server.stop()
  })
})

describe('arguments of a call', () => {
  it('are no question where they are not JSON: the model is told, and gets its words back as they were', async () => {
    const server = await startOpenAiServer()
    server.next({ kind: 'calls', calls: [{ name: 'ask_user', arguments: '{"question": "Which' }] }, { kind: 'answer' })
    const provider = createOpenAi({ name: 'there', base_url: server.url })
    await run(provider, { task: 'sing', work: { kind: 'prompt', prompt: 'Sing.' }, model: 'm' }, undefined, async () => ({ is: 'denied' }))
    expect(server.requests[1]?.body['messages']).toMatchObject([{}, { tool_calls: [{ function: { arguments: '{"question": "Which' } }] }, { content: 'The arguments are not JSON.' }])
    await server.stop()
  })
})
