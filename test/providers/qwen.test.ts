import { afterEach, describe, expect, it } from 'vitest'
import { readQwen } from '../../src/providers/agents/qwen-reader.ts'
import { agentWorld, type AgentWorld } from '../agents/agent-world.ts'
import { hanging } from '../agents/hanging.ts'
import { readLines } from '../agents/read-lines.ts'
import { describeProviderContract, run } from '../contracts/provider-contract.ts'

const INIT = { type: 'system', subtype: 'init', session_id: '25af4010-5661-4d05-b009-615e0a96c719', model: 'mock-model' }
const IDLE = { type: 'stream_event', event: { type: 'goal_state', goal_state: { v: 2, goal: null, activity: 'idle' } } }
const message = (block: object) => ({
  type: 'assistant',
  message: { role: 'assistant', content: [block], usage: { input_tokens: 120, output_tokens: 3, cache_read_input_tokens: 40 } },
})
const says = (text: string) => message({ type: 'text', text })
const USES = message({ type: 'tool_use', id: 'call_38', name: 'run_shell_command', input: { command: 'touch qw1.txt' } })
const result = (more: object) => ({
  type: 'result',
  subtype: 'success',
  is_error: false,
  num_turns: 2,
  result: 'hello qwen',
  usage: { input_tokens: 240, output_tokens: 20, cache_read_input_tokens: 80, total_tokens: 260 },
  permission_denials: [],
  ...more,
})
const USAGE = { input: 240, cached: 80, output: 20 }
const SUCCESS = [INIT, IDLE, USES, says('hello qwen'), result({})]
const API_ERROR = '[API Error: 401 mock error]'
const error = (more: object = {}) =>
  result({ subtype: 'error_during_execution', is_error: true, result: undefined, error: { message: API_ERROR }, usage: { input_tokens: 0, output_tokens: 0 }, ...more })
const DENIED = result({ permission_denials: [{ tool_name: 'run_shell_command', tool_use_id: 'call_38', tool_input: {} }] })

describeProviderContract('qwen', {
  start: () => agentWorld({ type: 'qwen' }),
  answers: {
    'what its result says': async ({ request }) => ({ request: await request({ lines: SUCCESS }), text: 'hello qwen', finish: 'stop', usage: USAGE }),
  },
  fails: {
    'the server fails': ({ request }) => request({ lines: [INIT, error()], exit: 1 }),
    'the key is refused': ({ request }) => request({ stderr: 'no auth type is selected\n', exit: 41 }),
    'the request is refused': ({ request }) => request({ stderr: 'no input\n', exit: 42 }),
    'the answer is empty': ({ request }) => request({ lines: [INIT, result({ result: '' })] }),
    'the body is garbage': ({ request }) => request({ lines: [INIT, '{"type":"result","is_error":'] }),
    'the command exits with an error': ({ request }) => request({ stderr: 'Unknown argument: nope\n', exit: 1 }),
    'the agent is not allowed what it wanted': ({ request }) => request({ lines: [INIT, USES, says('hello qwen'), DENIED] }),
    'the agent has taken all of its turns': ({ request }) => request({ lines: [INIT], stderr: 'Reached max session turns\n', exit: 53 }),
  },
  hangs: hanging([INIT, says('hel')]),
})

describe('what qwen prints', () => {
  it('shows what it says and what it uses', () => {
    const { shown } = readLines(readQwen(), ['a warning', ...SUCCESS])
    expect(shown).toEqual(['a warning', '● run_shell_command: touch qw1.txt', 'hello qwen'])
  })

  it('fails when it says so, even with a success for an end', () => {
    const { answer } = readLines(readQwen(), [INIT, error()])
    expect(answer).toEqual({ result: 'failed', kind: 'provider_down', message: API_ERROR })
  })

  it('tells what it has used when it fails late', () => {
    const { answer } = readLines(readQwen(), [INIT, USES, error({ usage: { input_tokens: 120, output_tokens: 17, cache_read_input_tokens: 40 } })], { exit: 1 })
    expect(answer).toMatchObject({ kind: 'provider_down', usage: { input: 120, cached: 40, output: 17 } })
  })

  it('has reached a limit when its result or its exit code says so', () => {
    expect(readLines(readQwen(), [INIT, error({ subtype: 'error_max_turns' })], { exit: 1 }).answer).toMatchObject({ kind: 'limit_reached' })
    expect(readLines(readQwen(), [INIT], { exit: 55 }).answer).toMatchObject({ kind: 'limit_reached' })
  })

  it('names the tools that were not allowed, and how to allow them', () => {
    const { answer } = readLines(readQwen(), [INIT, DENIED])
    const told = `it was not allowed to use run_shell_command; name it in the task's "tools", or set "approval_mode"`
    expect(answer).toMatchObject({ kind: 'permission_denied', message: told, usage: USAGE })
  })

  it('is no answer when the program ended badly after it', () => {
    expect(readLines(readQwen(), SUCCESS, { exit: 1, stderr_tail: 'disk full\n' }).answer).toMatchObject({ kind: 'command_failed', message: 'exit code 1: disk full' })
  })
})

describe('an attempt of qwen', () => {
  let here: AgentWorld
  afterEach(() => here.stop())

  it('has the prompt on stdin, and what the task and the configuration say as arguments', async () => {
    here = await agentWorld({ type: 'qwen', model: 'qwen3-coder', approval_mode: 'auto-edit', args: ['--debug'] })
    await run(here.provider, await here.request({ lines: SUCCESS }, { tools: ['run_shell_command(npm test)'], max_turns: 7 }))
    const [call] = await here.calls()
    expect(call?.stdin).toBe('Mend it.')
    expect(call?.args.slice(0, 6)).toEqual(['--output-format', 'stream-json', '--model', 'qwen3-coder', '--approval-mode', 'auto-edit'])
    expect(call?.args.slice(6)).toEqual(['--allowed-tools=run_shell_command(npm test)', '--max-session-turns', '7', '--debug'])
  })
})
