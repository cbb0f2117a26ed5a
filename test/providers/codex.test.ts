import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readCodex } from '../../src/providers/agents/codex-reader.ts'
import { agentWorld, type AgentWorld } from '../agents/agent-world.ts'
import { hanging } from '../agents/hanging.ts'
import { readLines } from '../agents/read-lines.ts'
import { describeProviderContract, run } from '../contracts/provider-contract.ts'

const STARTED = [{ type: 'thread.started', thread_id: '01a1f867-bd77-74e1-beeb-e22626bbddd2' }, { type: 'turn.started' }]
const said = (text: string) => ({ type: 'item.completed', item: { id: 'item_0', type: 'agent_message', text } })
const COMPLETED = {
  type: 'turn.completed',
  usage: { input_tokens: 120, cached_input_tokens: 40, cache_write_input_tokens: 0, output_tokens: 6, reasoning_output_tokens: 3 },
}
const USAGE = { input: 120, cached: 40, cache_write: 0, output: 6 }
const SUCCESS = [...STARTED, said('hello from codex'), COMPLETED]
const UNAUTHORIZED = 'unexpected status 401 Unauthorized: mock error 401'
const RECONNECTING = { type: 'error', message: `Reconnecting... 1/5 (${UNAUTHORIZED})` }
const FAILED = [...STARTED, RECONNECTING, { type: 'error', message: UNAUTHORIZED }, { type: 'turn.failed', error: { message: UNAUTHORIZED } }]

const DECLINED = {
  type: 'item.completed',
  item: { id: 'item_0', type: 'command_execution', command: 'rm -rf /', exit_code: -1, status: 'declined' },
}

const world = (options = {}) => {
  vi.stubEnv('CODEX_HOME', '/home/somebody/.codex')
  return agentWorld({ type: 'codex', ...options })
}

describeProviderContract('codex', {
  start: () => world(),
  answers: {
    'what it says last': async ({ request }) => ({
      request: await request({ lines: [...STARTED, said('I look.'), said('hello from codex'), COMPLETED] }),
      text: 'hello from codex',
      finish: 'stop',
      usage: USAGE,
    }),
  },
  fails: {
    'the server fails': ({ request }) => request({ lines: FAILED, exit: 1 }),
    'the command exits with an error': ({ request }) => request({ lines: STARTED, stderr: 'Error: no config\n', exit: 1 }),
    'the request is refused': ({ request }) => request({ stderr: "error: unexpected argument '--nope' found\n", exit: 2 }),
    'the answer is empty': ({ request }) => request({ lines: [...STARTED, COMPLETED] }),
    'the body is garbage': ({ request }) => request({ lines: ['{"type":'] }),
    'the agent is not allowed what it wanted': ({ request }) => request({ lines: [...STARTED, DECLINED, said('done'), COMPLETED] }),
  },
  hangs: hanging([...STARTED, said('I look.')]),
})

describe('what codex prints', () => {
  it('shows what it does, and what it does not get over', () => {
    const command = { id: 'item_0', type: 'command_execution', command: 'npm test' }
    const { shown } = readLines(readCodex(), [
      'a warning',
      ...STARTED,
      RECONNECTING,
      { type: 'item.started', item: { ...command, exit_code: null, status: 'in_progress' } },
      { type: 'item.completed', item: { ...command, exit_code: 1, status: 'failed' } },
      { type: 'item.completed', item: { id: 'item_1', type: 'file_change', changes: [{ path: 'a.ts', kind: 'update' }], status: 'completed' } },
      said('done'),
      COMPLETED,
    ])
    expect(shown).toEqual(['a warning', RECONNECTING.message, '● npm test', '✖ exit code 1', '● changed a.ts', 'done'])
  })

  it('is an answer although it had to ask again', () => {
    const { answer } = readLines(readCodex(), [...STARTED, RECONNECTING, said('recovered'), COMPLETED])
    expect(answer).toEqual({ result: 'answered', text: 'recovered', usage: USAGE, finish: 'stop' })
  })

  it('does not tell a refused key from a server that fails, so both are tried again', () => {
    const { answer } = readLines(readCodex(), FAILED, { exit: 1 })
    expect(answer).toEqual({ result: 'failed', kind: 'provider_down', message: `exit code 1: ${UNAUTHORIZED}` })
  })

  it('fails with its turn although it ends well', () => {
    expect(readLines(readCodex(), FAILED).answer).toMatchObject({ kind: 'provider_down', message: UNAUTHORIZED })
  })

  it('fails when it ends well in the middle of a turn', () => {
    expect(readLines(readCodex(), STARTED).answer).toMatchObject({ kind: 'bad_output', message: 'ended without a result' })
  })

  it('is not asked again with arguments that it does not take, which cost nothing', () => {
    const stderr_tail = "error: unexpected argument '--nope' found\n"
    const message = "exit code 2: error: unexpected argument '--nope' found"
    expect(readLines(readCodex(), [], { exit: 2, stderr_tail }).answer).toEqual({ result: 'failed', kind: 'bad_request', message, unspent: true })
    expect(readLines(readCodex(), STARTED, { exit: 2 }).answer).not.toHaveProperty('unspent')
  })

  it('fails when its rules forbade a command, although it made do without', () => {
    const { answer } = readLines(readCodex(), [...STARTED, DECLINED, said('done'), COMPLETED])
    expect(answer).toMatchObject({ kind: 'permission_denied', message: 'the rules of codex did not allow it to run: rm -rf /', usage: USAGE })
    const hidden = { ...DECLINED, item: { ...DECLINED.item, command: 'rm -rf /\rls' } }
    expect(readLines(readCodex(), [hidden, COMPLETED]).answer).toMatchObject({ message: expect.stringContaining('did not allow it to run: ') })
  })
})

describe('an attempt of codex', () => {
  let here: AgentWorld
  afterEach(async () => {
    await here.stop()
    vi.unstubAllEnvs()
  })

  it('gets the prompt on stdin, whole', async () => {
    here = await world()
    const prompt = `- "$HOME" \u00e9\n${'x'.repeat(200_000)}\n`
    const request = await here.request({ lines: SUCCESS }, { session: { id: 'a', resume: true, spent_micro_usd: 0 } })
    await run(here.provider, { ...request, work: { ...request.work, kind: 'prompt', prompt } })
    const [call] = await here.calls()
    expect(call?.stdin).toBe(prompt)
    expect(call?.args).toEqual(['exec', '--json', '--skip-git-repo-check', '-s', 'workspace-write', '-'])
  })

  it('has the sandbox, the model and the arguments that are configured', async () => {
    here = await world({ sandbox: 'read-only', model: 'gpt-5', args: ['-c', 'x=1'] })
    await run(here.provider, await here.request({ lines: SUCCESS }))
    await run(here.provider, await here.request({ lines: SUCCESS }, {}, { model: 'gpt-6' }))
    const calls = await here.calls()
    const common = ['exec', '--json', '--skip-git-repo-check', '-s', 'read-only', '-m']
    expect(calls.map(({ args }) => args)).toEqual([
      [...common, 'gpt-5', '-c', 'x=1', '-'],
      [...common, 'gpt-6', '-c', 'x=1', '-'],
    ])
  })

  it('sees its own variables and those that are configured, and no others', async () => {
    for (const name of ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'EXTRA']) vi.stubEnv(name, `value of ${name}`)
    here = await world({ env: ['EXTRA'] })
    await run(here.provider, await here.request({ lines: SUCCESS }, { env: { PARAM_TUNE: 'c major' } }))
    const [call] = await here.calls()
    expect(call?.env).toMatchObject({ OPENAI_API_KEY: 'value of OPENAI_API_KEY', EXTRA: 'value of EXTRA', PARAM_TUNE: 'c major' })
    expect(call?.env).toHaveProperty('CODEX_HOME', '/home/somebody/.codex')
    expect(call?.env).not.toHaveProperty('ANTHROPIC_API_KEY')
  })

  describe('whose home is below the folder for temporary files', () => {
    const HOME = '/tmp/somewhere/codex'

    beforeEach(async () => {
      here = await world()
    })

    it('is not begun: its sandbox would fail every command, and it would call that a success', async () => {
      vi.stubEnv('CODEX_HOME', HOME)
      const { answer } = await run(here.provider, await here.request({ lines: SUCCESS }))
      expect(answer).toMatchObject({ kind: 'bad_request', unspent: true, message: expect.stringContaining(`"${HOME}": set CODEX_HOME`) })
      expect(await here.calls()).toEqual([])
      expect(await here.provider.health(new AbortController().signal)).toMatchObject({ state: 'misconfigured', detail: expect.stringContaining(HOME) })
    })

    it('is not begun when the home of the user lies there', async () => {
      vi.stubEnv('CODEX_HOME', '')
      vi.stubEnv('HOME', '/tmp/somebody')
      expect((await run(here.provider, await here.request({ lines: SUCCESS }))).answer).toMatchObject({ kind: 'bad_request' })
    })

    it('is begun where it has no sandbox', async () => {
      await here.stop()
      here = await world({ sandbox: 'danger-full-access' })
      vi.stubEnv('CODEX_HOME', HOME)
      expect((await run(here.provider, await here.request({ lines: SUCCESS }))).answer).toMatchObject({ result: 'answered' })
    })
  })
})
