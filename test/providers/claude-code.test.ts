import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Outcome } from '../../src/core/outcome.ts'
import type { AgentTerms, Answer } from '../../src/providers/provider.ts'
import { agentWorld, SESSION, type AgentWorld, type Call, type Scenario } from '../agents/agent-world.ts'
import * as claude from '../agents/claude-lines.ts'
import { describeProviderContract, run } from '../contracts/provider-contract.ts'

const start = () => agentWorld({ type: 'claude-code' })
const usage = { input: 420, cached: 300, cache_write: 20, output: 12 }

describeProviderContract('claude-code', {
  start,
  answers: {
    'what the agent says in the end': async ({ request }) => ({
      request: await request({ lines: [claude.init, claude.says('hello there friend'), claude.result()] }),
      text: 'hello there friend',
      finish: 'stop',
      usage,
    }),
    'with what is there when the token limit cut it off': async ({ request }) => ({
      request: await request({ lines: [claude.says('hello'), claude.result({ result: 'hello', stop_reason: 'max_tokens' })] }),
      text: 'hello',
      finish: 'length',
      usage,
    }),
  },
  asks: async ({ request }) => ({
    request: await request({ lines: [claude.init, claude.asks([{ question: 'Which colour?', header: 'Colour', multiSelect: false, options: [{ label: 'Red', description: 'r' }, { label: 'Blue', description: 'b' }] }]), claude.result()] }),
    question: { kind: 'question', asks: [{ text: 'Which colour?', options: [{ label: 'Red', description: 'r' }, { label: 'Blue', description: 'b' }] }] },
    reply: { is: 'answered', answers: ['Blue'] },
    text: 'hello there friend',
  }),
  fails: {
    'the key is refused': ({ request }) => request({ lines: [claude.init, claude.apiError(401, 'authentication_error')], exit: 1 }),
    'the model is not there': ({ request }) => request({ lines: [claude.init, claude.apiError(404, 'not_found_error')], exit: 1 }),
    'the server asks to slow down': ({ request }) => request({ lines: [claude.init, claude.apiError(429, 'rate_limit_error')], exit: 1 }),
    'the request is refused': ({ request }) => request({ lines: [claude.init, claude.apiError(400, 'invalid_request_error')], exit: 1 }),
    'the server fails': ({ request }) => request({ lines: [claude.init, claude.apiError(529, 'overloaded_error')], exit: 1 }),
    'nothing listens there': ({ request }) => request({ lines: [claude.init, claude.apiError(null)], exit: 1 }),
    'the answer is empty': ({ request }) => request({ lines: [claude.init, claude.result({ result: '' })] }),
    'the body is garbage': ({ request }) => request({ lines: ['{"type":"result"', 'Segmentation fault?'] }),
    'the command exits with an error': ({ request }) => request({ lines: [claude.init], stderr: 'Segmentation fault\n', exit: 1 }),
    'the agent is not allowed what it wanted': ({ request }) => request({ lines: [claude.init, claude.denied] }),
    'the agent has taken all of its turns': ({ request }) => request({ lines: [claude.init, claude.turnsUsedUp], exit: 1 }),
    'the agent has used all of its money': ({ request }) => request({ lines: [claude.init, claude.budgetUsedUp], exit: 1 }),
  },
  hangs: {},
})

describe('claude code', () => {
  let here: AgentWorld
  beforeEach(async () => {
    here = await start()
  })
  afterEach(() => here.stop())

  async function answer(scenario: Scenario, terms: Partial<AgentTerms> = {}): Promise<Answer> {
    return (await run(here.provider, await here.request(scenario, terms))).answer
  }

  async function called(scenario: Scenario, terms: Partial<AgentTerms> = {}): Promise<Call[]> {
    await answer(scenario, terms)
    return here.calls()
  }

  const done: Scenario = { lines: [claude.init, claude.result()] }
  const resuming = { session: { id: SESSION, resume: true, spent_micro_usd: 500 } }

  it('is called in print mode, with the prompt as it is on stdin, in a session that we named', async () => {
    const [call] = await called(done)
    expect(call?.stdin).toBe('Mend it.')
    const expected = ['-p', '--output-format', 'stream-json', '--verbose', '--session-id', SESSION, '--permission-mode', 'acceptEdits']
    expect(call?.args).toEqual(expected)
    expect(call?.env['CLAUDE_CODE_MAX_RETRIES']).toBe('0')
  })

  it('is given the model, the tools and the limits of the task; of the money it is told a part, because it notices late', async () => {
    const request = await here.request(done, { tools: ['Edit', 'Bash(npm test)'], max_turns: 7, max_cost_micro_usd: 500_000 }, { model: 'opus' })
    await run(here.provider, request)
    const [call] = await here.calls()
    expect(call?.args.slice(8)).toEqual(
      ['--model', 'opus', '--allowedTools', 'Edit,Bash(npm test)', '--max-turns', '7', '--max-budget-usd', '0.400000'],
    )
  })

  it('may do what its task says, and everything only if the configuration says so', async () => {
    const [planned] = await called(done, { permission_mode: 'plan' })
    expect(planned?.args.join(' ')).toContain('--permission-mode plan')
    expect(await answer(done, { permission_mode: 'bypassPermissions' })).toMatchObject({ kind: 'bad_request', message: expect.stringContaining('only the configuration may say so'), unspent: true })
    expect(await answer(done, { permission_mode: 'godMode' })).toMatchObject({ message: expect.stringContaining('choose one of default, acceptEdits, plan, bypassPermissions') })
  })

  it('does not take a tool for an option', async () => {
    const [call] = await called(done, { tools: ['Edit', '--dangerously-skip-permissions'] })
    expect(call?.args).not.toContain('--dangerously-skip-permissions')
  })

  it('is not shown a key that would be charged where the configuration says that nothing is paid', async () => {
    vi.stubEnv('ANTHROPIC_API_KEY', 'sk-ant-test')
    const [paid] = await called(done)
    expect(paid?.env['ANTHROPIC_API_KEY']).toBe('sk-ant-test')
    const free = await agentWorld({ type: 'claude-code', free: true })
    await run(free.provider, await free.request(done))
    const [call] = await free.calls()
    expect(call?.env).not.toHaveProperty('ANTHROPIC_API_KEY')
    await free.stop()
    vi.unstubAllEnvs()
  })

  describe('what an attempt has cost', () => {
    it('is what it says, rounded up to a millionth', async () => {
      expect(await answer(done)).toMatchObject({ cost_micro_usd: 800 })
      expect(await answer({ lines: [claude.result({ total_cost_usd: 0.0000001 })] })).toMatchObject({ cost_micro_usd: 1 })
    })

    it('is the part of a session that this attempt added', async () => {
      expect(await answer(done, resuming)).toMatchObject({ cost_micro_usd: 300 })
      const settledHigher = { session: { ...resuming.session, spent_micro_usd: 900 } }
      expect(await answer(done, settledHigher)).toMatchObject({ cost_micro_usd: 0 })
    })

    it('is not known where the price of the model is made up', async () => {
      for (const basis of ['estimated', undefined]) {
        const told = await answer({ lines: [{ ...claude.result(), modelUsage: { 'my-model': { costUSD: 0.0008, costBasis: basis } } }] })
        expect(told).toMatchObject({ result: 'answered' })
        expect(told.cost_micro_usd).toBeUndefined()
      }
    })

    it('is not known where it is more than can be, and neither are such tokens', async () => {
      const usage = { input_tokens: 9e15, cache_creation_input_tokens: 9e15, cache_read_input_tokens: 9e15, output_tokens: 9e15 }
      const told = await answer({ lines: [claude.result({ total_cost_usd: 9e15, usage })] })
      expect(told).toEqual({ result: 'answered', text: 'hello there friend', finish: 'stop', usage: {}, cost_micro_usd: undefined })
      expect(Outcome.safeParse({ ...told, duration_ms: 1 }).error).toBeUndefined()
    })

    it('is told of a failure too', async () => {
      expect(await answer({ lines: [claude.budgetUsedUp], exit: 1 })).toMatchObject({ kind: 'limit_reached', cost_micro_usd: 3840, usage })
      expect(await answer({ lines: [claude.denied] })).toMatchObject({ kind: 'permission_denied', cost_micro_usd: 2080 })
      expect(await answer({ lines: [claude.apiError(529)], exit: 1 })).toMatchObject({ kind: 'provider_down', cost_micro_usd: 0 })
    })
  })

  describe('a session to go on with', () => {
    it('is resumed', async () => {
      const [call, ...others] = await called(done, resuming)
      expect(call?.args.slice(4, 6)).toEqual(['--resume', SESSION])
      expect(others).toEqual([])
    })

    it.each([
      ['it says so', { lines: [claude.noSession], exit: 1 }],
      ['it ends before it has begun', { stderr: 'No conversation found\n', exit: 1 }],
    ])('is begun anew, once, when it is not there: %s', async (_, resumed) => {
      const scenario = { ...done, resumed }
      expect(await answer(scenario, resuming)).toMatchObject({ result: 'answered', cost_micro_usd: 800 })
      expect((await here.calls()).map(({ args }) => args.slice(4, 6))).toEqual([
        ['--resume', SESSION],
        ['--session-id', SESSION],
      ])
    })

    it('tells why it could not be gone on with, where it cannot be begun anew either', async () => {
      const inUse = { stderr: `Error: Session ID ${SESSION} is already in use.\n`, exit: 1 }
      const told = await answer({ ...inUse, resumed: { stderr: 'Error: the settings are broken\n', exit: 1 } }, resuming)
      expect(told).toEqual({
        result: 'failed',
        kind: 'bad_request',
        message: `exit code 1: Error: the settings are broken; when it was begun anew: exit code 1: Error: Session ID ${SESSION} is already in use.`,
        unspent: true,
      })
    })

    it('is not begun anew when it fails for another reason', async () => {
      const calls = await called({ ...done, resumed: { lines: [claude.init, claude.apiError(529)], exit: 1 } }, resuming)
      expect(calls).toHaveLength(1)
    })
  })

  it.each(['error: unknown option --nope', `Error: Session ID ${SESSION} is already in use.`])('is not tried again, and cost nothing, when it ends before it begins: %s', async (said) => {
    expect(await answer({ stderr: `${said}\n`, exit: 1 })).toEqual({ result: 'failed', kind: 'bad_request', message: `exit code 1: ${said}`, unspent: true })
  })

  it('may have cost something once it has begun, or when it was killed', async () => {
    for (const scenario of [{ lines: [claude.init], exit: 1 }, { lines: [claude.retry], exit: 1 }, { exit: 137 }]) {
      const told = await answer(scenario)
      expect(told).toMatchObject({ result: 'failed', kind: expect.not.stringMatching('bad_request') })
      expect(told).not.toHaveProperty('unspent')
    }
  })

  it('names the tools that it was not allowed, and what they were wanted for', async () => {
    const told = await answer({ lines: [claude.denied] })
    expect(told).toMatchObject({ message: `it was not allowed to use Bash: echo hi > f1.txt; name it in the task's "tools" to allow it` })
    const hostile = { tool_name: 'Bash', tool_input: { command: `\u001b[2Jrm\n-rf ${'x'.repeat(10_000)}` } }
    const long = await answer({ lines: [claude.result({ permission_denials: Array.from({ length: 9 }, () => hostile) })] })
    expect(long).toMatchObject({ kind: 'permission_denied', message: expect.stringMatching(/^\P{Cc}{1,600}$/u) })
    expect(long).toMatchObject({ message: expect.stringContaining('and 6 more') })
  })

  it('tells until when a subscription is used up', async () => {
    const inAnHour = Math.floor(Date.now() / 1000) + 3600
    const told = await answer({ lines: [claude.windowUsedUp(inAnHour), claude.apiError(429, 'rate_limit_error')], exit: 1 })
    expect(told).toMatchObject({ kind: 'quota_exhausted' })
    const { retry_after_ms = 0 } = told.result === 'failed' ? told : {}
    expect(retry_after_ms).toBeGreaterThan(3_500_000)
    expect(retry_after_ms).toBeLessThanOrEqual(3_600_000)
  })

  it.each([
    ['in milliseconds', Date.now() + 3_600_000, 3_600_000],
    ['further away than any quota', 1e30, 8 * 86_400_000],
  ])('reads the end of a subscription\'s window %s', async (_, resetsAt, most) => {
    const told = await answer({ lines: [claude.windowUsedUp(resetsAt), claude.apiError(429)], exit: 1 })
    expect(told).toMatchObject({ kind: 'quota_exhausted' })
    const { retry_after_ms = 0 } = told.result === 'failed' ? told : {}
    expect(retry_after_ms).toBeGreaterThan(most - 100_000)
    expect(retry_after_ms).toBeLessThanOrEqual(most)
  })

  it('does not know how long to wait for a window that should have ended', async () => {
    const told = await answer({ lines: [claude.windowUsedUp(Math.floor(Date.now() / 1000) - 60), claude.apiError(429)], exit: 1 })
    expect(told).toMatchObject({ kind: 'quota_exhausted' })
    expect(told).not.toHaveProperty('retry_after_ms')
  })

  it('does not wait for longer than any quota', async () => {
    const told = await answer({ lines: [{ ...claude.retry, retry_delay_ms: 1e300 }, claude.apiError(429)], exit: 1 })
    expect(told).toMatchObject({ kind: 'rate_limited', retry_after_ms: 8 * 86_400_000 })
  })

  it('passes on how long it would have waited after a 429', async () => {
    expect(await answer({ lines: [claude.init, claude.retry, claude.apiError(429)], exit: 1 })).toMatchObject({
      kind: 'rate_limited',
      retry_after_ms: 1224,
    })
  })

  it('recovers after errors of the API that it has told', async () => {
    expect(await answer({ lines: [claude.init, claude.retry, claude.result()] })).toMatchObject({ result: 'answered' })
  })

  it('has failed when it was killed before its result', async () => {
    expect(await answer({ lines: [claude.init, claude.says('I begin.')], stderr: 'Killed\n', exit: 137 })).toMatchObject({
      kind: 'command_failed',
      message: 'exit code 137: Killed',
    })
  })

  it('shows what it does as it does it', async () => {
    const { written } = await run(
      here.provider,
      await here.request({
        lines: [
          claude.init,
          claude.says('I look first.'),
          claude.uses('Bash', { command: 'npm test\n', description: 'Run the tests' }),
          claude.toolFailed('Exit code 1\nsome output'),
          claude.uses('Edit', { file_path: '/project/a.ts', old_string: 'a', new_string: 'b' }),
          claude.toolFailed([{ type: 'text', text: 'no such file' }]),
          claude.uses('TodoWrite', { todos: [] }),
          { type: 'user', message: { content: [{ type: 'tool_result', content: 'fine' }] } },
          claude.retry,
          { type: 'system', subtype: 'status' },
          { type: 'something-new', of: 'tomorrow' },
          { type: 'assistant', message: 'odd' },
          claude.result(),
        ],
      }),
    )
    expect(written.split('\n')).toEqual([
      `session ${SESSION}, claude-opus-5-5`,
      'I look first.',
      '● Bash: npm test',
      '✖ Exit code 1 some output',
      '● Edit: /project/a.ts',
      '✖ no such file',
      '● TodoWrite: {"todos":[]}',
      'the API failed (429); it is asked again in 1.2 s',
      '',
    ])
  })
})
