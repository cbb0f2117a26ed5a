import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readGemini } from '../../src/providers/agents/gemini-reader.ts'
import { agentWorld, type AgentWorld } from '../agents/agent-world.ts'
import { hanging } from '../agents/hanging.ts'
import { readLines } from '../agents/read-lines.ts'
import { describeProviderContract, run } from '../contracts/provider-contract.ts'

const INIT = [
  { type: 'init', session_id: '2e7ffeb4-0251-4671-a6ef-2b55a22dac93', model: 'gemini-2.5-flash' },
  { type: 'message', role: 'user', content: 'Mend it.' },
]
const says = (content: string) => ({ type: 'message', role: 'assistant', content, delta: true })
const STATS = { total_tokens: 130, input_tokens: 120, output_tokens: 7, cached: 40, input: 80 }
const SUCCESS = { type: 'result', status: 'success', stats: STATS }
/** Ten tokens are not input: seven of text, three of thoughts. */
const USAGE = { input: 120, cached: 40, output: 10 }
const NOTHING = { total_tokens: 0, input_tokens: 0, output_tokens: 0, cached: 0, input: 0 }
const API_ERROR = '[API Error: {"error":{"code":401,"message":"mock error"}}]'
const failed = (stats: object = NOTHING) => ({ type: 'result', status: 'error', error: { type: 'unknown', message: API_ERROR }, stats })
const uses = (tool_id: string, tool_name: string, parameters = {}) => ({ type: 'tool_use', tool_id, tool_name, parameters })
const refused = (tool_id: string, type: string) => ({ type: 'tool_result', tool_id, status: 'error', error: { type, message: `no: ${type}` } })

const fail = (exit: number) => ({ lines: [...INIT, failed()], exit })
const start = () => agentWorld({ type: 'gemini' })

describeProviderContract('gemini', {
  start,
  answers: {
    'what it says in the end': async ({ request }) => ({
      request: await request({ lines: [...INIT, says('I look.'), uses('1', 'ls'), says('hello '), says('gem'), SUCCESS] }),
      text: 'hello gem',
      finish: 'stop',
      usage: USAGE,
    }),
  },
  // Its exit code is the HTTP status, of which the system keeps eight bits.
  fails: {
    'the key is refused': ({ request }) => request(fail(401 % 256)),
    'the model is not there': ({ request }) => request(fail(404 % 256)),
    'the server asks to slow down': ({ request }) => request(fail(429 % 256)),
    'the request is refused': ({ request }) => request(fail(400 % 256)),
    'the server fails': ({ request }) => request(fail(503 % 256)),
    'the answer is empty': ({ request }) => request({ lines: [...INIT, SUCCESS] }),
    'the body is garbage': ({ request }) => request({ lines: ['<html>'] }),
    'the command exits with an error': ({ request }) => request({ stderr: 'Unknown argument: nope\n', exit: 1 }),
    'the agent is not allowed what it wanted': ({ request }) =>
      request({ lines: [...INIT, uses('1', 'run_shell_command'), refused('1', 'policy_violation'), says('Done.'), SUCCESS] }),
    'the agent has taken all of its turns': ({ request }) => request({ lines: INIT, stderr: 'Reached max session turns\n', exit: 53 }),
  },
  // The program relaunches itself, and neither of the two ends when it is asked to.
  hangs: hanging([...INIT, says('hel\n')], { ignore_term: true }),
})

describe('what gemini prints', () => {
  it('shows its words in whole lines, as they come in pieces, and what it uses', () => {
    const { shown } = readLines(readGemini(), [
      'Loaded cached credentials.',
      ...INIT,
      says('I lo'),
      says('ok.\nThen '),
      uses('1', 'run_shell_command', { command: 'touch a.txt' }),
      refused('1', 'shell_execute_error'),
      { type: 'error', severity: 'warning', message: 'Loop detected' },
      says('Done'),
      SUCCESS,
    ])
    expect(shown).toEqual([
      'Loaded cached credentials.',
      'I look.\n',
      'Then \n● run_shell_command: touch a.txt',
      '✖ no: shell_execute_error',
      'Loop detected',
      'Done',
    ])
  })

  it('takes a tool that is not there for a mistake, not for one that was not allowed', () => {
    const lines = [...INIT, uses('1', 'shell'), refused('1', 'tool_not_registered'), says('shell done'), SUCCESS]
    expect(readLines(readGemini(), lines).answer).toMatchObject({ result: 'answered', text: 'shell done' })
  })

  it('names the tool that was not allowed, and how to allow it', () => {
    const lines = [...INIT, uses('1', 'ls'), uses('2', 'run_shell_command'), refused('2', 'execution_denied'), says('Done'), SUCCESS]
    expect(readLines(readGemini(), lines).answer).toEqual({
      result: 'failed',
      kind: 'permission_denied',
      message: `it was not allowed to use run_shell_command; name it in the task's "tools", or set "approval_mode"`,
      usage: USAGE,
    })
  })

  it('cost nothing when the first request was refused, and something when a later one was', () => {
    const message = `exit code 145: ${API_ERROR}`
    expect(readLines(readGemini(), [...INIT, failed()], { exit: 145 }).answer).toEqual({ result: 'failed', kind: 'auth', message, unspent: true })
    expect(readLines(readGemini(), [...INIT, failed(STATS)], { exit: 145 }).answer).toEqual({ result: 'failed', kind: 'auth', message, usage: USAGE })
  })

  it('may have cost something when the server failed', () => {
    expect(readLines(readGemini(), [...INIT, failed()], { exit: 500 % 256 }).answer).not.toHaveProperty('unspent')
  })

  it('fails when it says so and ends well all the same', () => {
    expect(readLines(readGemini(), [...INIT, failed()]).answer).toMatchObject({ kind: 'provider_down', message: API_ERROR })
  })

  it.each([
    [41, 'auth'],
    [42, 'bad_request'],
    [52, 'bad_request'],
    [54, 'command_failed'],
    [130, 'command_failed'],
    [143, 'command_failed'],
  ])('ends with %i, a code of its own or of a signal: %s', (exit, kind) => {
    expect(readLines(readGemini(), INIT, { exit }).answer).toMatchObject({ result: 'failed', kind })
  })
})

describe('an attempt of gemini', () => {
  let here: AgentWorld
  beforeEach(async () => {
    here = await start()
  })
  afterEach(() => here.stop())

  it('gets the prompt on stdin, after what the system prompt says', async () => {
    const request = await here.request({ lines: [...INIT, says('hi'), SUCCESS] })
    await run(here.provider, request)
    await run(here.provider, { ...request, work: { ...request.work, kind: 'prompt', system: 'Be brief.', prompt: 'Mend it.\n' } })
    const calls = await here.calls()
    expect(calls.map(({ stdin }) => stdin)).toEqual(['Mend it.', 'Be brief.\n\nMend it.\n'])
    expect(calls[0]?.args).toEqual(['--skip-trust', '--output-format', 'stream-json'])
  })

  it('has the model, the mode, the tools and the arguments that it is to have', async () => {
    await here.stop()
    here = await agentWorld({ type: 'gemini', model: 'gemini-2.5-pro', approval_mode: 'auto_edit', args: ['--debug'] })
    await run(here.provider, await here.request({ lines: [...INIT, SUCCESS] }, { tools: ['ls', '--yolo'] }))
    const [call] = await here.calls()
    expect(call?.args.slice(3)).toEqual(
      ['--model', 'gemini-2.5-pro', '--approval-mode', 'auto_edit', '--allowed-tools=ls', '--allowed-tools=--yolo', '--debug'],
    )
  })
})
