import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readOpencode } from '../../src/providers/agents/opencode-reader.ts'
import { agentWorld, SESSION, type AgentWorld } from '../agents/agent-world.ts'
import { hanging } from '../agents/hanging.ts'
import { readLines } from '../agents/read-lines.ts'
import { describeProviderContract, run } from '../contracts/provider-contract.ts'

const STARTS = { type: 'step_start', part: { type: 'step-start' } }
const says = (text: string) => ({ type: 'text', part: { type: 'text', text } })
const uses = (tool: string, state: object = {}) => ({ type: 'tool_use', part: { type: 'tool', tool, state: { status: 'completed', input: {}, ...state } } })
const TOKENS = { total: 124, input: 80, output: 4, reasoning: 0, cache: { write: 0, read: 40 } }
const finishes = (reason: string, more: object = {}) => ({ type: 'step_finish', part: { type: 'step-finish', reason, tokens: TOKENS, cost: 0.000088, ...more } })

const SUCCESS = [STARTS, says('I look.'), uses('bash'), finishes('tool-calls'), STARTS, says('hello'), says('opencode'), finishes('stop')]
/** Of both steps: cached tokens are input too. */
const USAGE = { input: 240, cached: 80, cache_write: 0, output: 8 }
const problem = (statusCode: number, responseHeaders: object = {}) => ({
  type: 'error',
  error: { name: 'APIError', data: { message: `mock error ${statusCode}`, statusCode, isRetryable: false, responseHeaders } },
})
const fail = (statusCode: number) => ({ lines: [problem(statusCode)], exit: 1 })
const start = () => agentWorld({ type: 'opencode' })

describeProviderContract('opencode', {
  start,
  answers: {
    'what it says in its last step': async ({ request }) => ({
      request: await request({ lines: SUCCESS }),
      text: 'hello\nopencode',
      finish: 'stop',
      usage: USAGE,
    }),
    'with what is there when the token limit cut it off': async ({ request }) => ({
      request: await request({ lines: [STARTS, says('hel'), finishes('length')] }),
      text: 'hel',
      finish: 'length',
      usage: { input: 120, cached: 40, cache_write: 0, output: 4 },
    }),
  },
  fails: {
    'the key is refused': ({ request }) => request(fail(401)),
    'the model is not there': ({ request }) => request(fail(404)),
    'the server asks to slow down': ({ request }) => request(fail(429)),
    'the request is refused': ({ request }) => request(fail(400)),
    'the server fails': ({ request }) => request(fail(500)),
    'the answer is empty': ({ request }) => request({ lines: [STARTS, finishes('stop')] }),
    'the body is garbage': ({ request }) => request({ lines: ['!'] }),
    'the command exits with an error': ({ request }) => request({ stderr: 'Session not found\n', exit: 1 }),
    'the agent is not allowed what it wanted': ({ request }) =>
      request({ lines: [STARTS, uses('bash', { status: 'error', error: 'The user rejected permission' }), finishes('tool-calls')] }),
  },
  hangs: hanging([STARTS, says('I look.')]),
})

describe('what opencode prints', () => {
  it('shows what it says and what it uses', () => {
    const { shown } = readLines(readOpencode(), [
      STARTS,
      says('I look.'),
      uses('bash', { title: 'touch oc1.txt' }),
      uses('read', { input: { path: 'a.ts' }, status: 'error', error: 'no such file' }),
      finishes('stop'),
    ])
    expect(shown).toEqual(['I look.', '● bash: touch oc1.txt', '● read: a.ts\n✖ no such file'])
  })

  it('costs what its steps cost together, told while it works', () => {
    const reader = readOpencode()
    expect(reader.spent?.()).toBeUndefined()
    reader.line(JSON.stringify(finishes('tool-calls')))
    expect(reader.spent?.()).toBe(88)
    const { answer } = readLines(readOpencode(), SUCCESS)
    expect(answer).toEqual({ result: 'answered', text: 'hello\nopencode', usage: USAGE, cost_micro_usd: 176, finish: 'stop' })
  })

  it('counts thoughts as output, and what goes into the cache as input', () => {
    const tokens = { input: 80, output: 4, reasoning: 6, cache: { write: 20, read: 40 } }
    const { answer } = readLines(readOpencode(), [STARTS, finishes('stop', { tokens })])
    expect(answer.usage).toEqual({ input: 140, cached: 40, cache_write: 20, output: 10 })
  })

  it('does not take a model without a price for one that costs nothing', () => {
    const { answer } = readLines(readOpencode(), [STARTS, says('hi'), finishes('tool-calls'), STARTS, finishes('stop', { cost: 0 })])
    expect(answer).toMatchObject({ result: 'answered', usage: USAGE })
    expect(answer).not.toHaveProperty('cost_micro_usd')
  })

  it('does not know what it cost when subagents took part, or when it was ended in mid-step', () => {
    const withSubagent = readLines(readOpencode(), [STARTS, uses('task'), finishes('tool-calls'), STARTS, finishes('stop')]).answer
    const cutOff = readLines(readOpencode(), [STARTS, finishes('tool-calls'), STARTS], { exit: 1 }).answer
    const stopped = readLines(readOpencode(), [STARTS, finishes('tool-calls')], { end: { how: 'aborted' } }).answer
    for (const answer of [withSubagent, cutOff, stopped]) {
      expect(answer.usage).toBeUndefined()
      expect(answer.cost_micro_usd).toBeUndefined()
    }
    expect(withSubagent.result).toBe('answered')
  })

  it('fails with an error although it ends well, and says when to come back', () => {
    const { answer } = readLines(readOpencode(), [problem(429, { 'retry-after': '7' })])
    expect(answer).toEqual({ result: 'failed', kind: 'rate_limited', message: 'mock error 429', retry_after_ms: 7000, unspent: true })
  })

  it('has cost something when an error came after the first step', () => {
    const { answer } = readLines(readOpencode(), [STARTS, finishes('tool-calls'), problem(429)], { exit: 1 })
    expect(answer).toMatchObject({ kind: 'rate_limited', cost_micro_usd: 88 })
    expect(answer).not.toHaveProperty('unspent')
  })

  it.each([
    ['ProviderAuthError', 'auth'],
    ['ContextOverflowError', 'bad_request'],
    ['UnknownError', 'provider_down'],
  ])('tells by its name what an error without a status is: %s', (name, kind) => {
    const error = { type: 'error', error: { name, data: { message: 'it went wrong' } } }
    expect(readLines(readOpencode(), [error], { exit: 1 }).answer).toMatchObject({ kind, message: 'exit code 1: it went wrong' })
  })

  it('names what was refused, where it says so, although it made do without', () => {
    const { answer } = readLines(readOpencode(), [...SUCCESS, { type: 'done', reason: 'idle', rejected: ['bash', 'edit'] }])
    const message = 'it was not allowed to use bash, edit; allow it in the settings of opencode'
    expect(answer).toMatchObject({ kind: 'permission_denied', message, cost_micro_usd: 176 })
  })
})

describe('an attempt of opencode', () => {
  let here: AgentWorld
  beforeEach(async () => {
    here = await start()
  })
  afterEach(() => here.stop())

  it('has the prompt on stdin, and a title, so that no model is paid for one', async () => {
    await run(here.provider, await here.request({ lines: SUCCESS }, {}, { model: 'anthropic/claude-sonnet-4-5' }))
    const [call] = await here.calls()
    expect(call?.stdin).toBe('Mend it.')
    expect(call?.args).toEqual(['run', '--format', 'json', '--title', `tutti ${SESSION}`, '-m', 'anthropic/claude-sonnet-4-5'])
  })

  it('is ended when it has cost more than it may', async () => {
    const request = await here.request({ lines: [STARTS, finishes('tool-calls'), STARTS, finishes('tool-calls')], hang: true }, { max_cost_micro_usd: 100 })
    const { answer } = await run(here.provider, request)
    expect(answer).toMatchObject({ result: 'failed', kind: 'limit_reached', cost_micro_usd: 176 })
    await here.released()
  })
})
