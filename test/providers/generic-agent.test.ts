import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { readGeneric, type Reading } from '../../src/providers/agents/generic-reader.ts'
import type { AgentTerms, AttemptRequest } from '../../src/providers/provider.ts'
import { ProviderOptions } from '../../src/providers/registry.ts'
import { agentWorld, SESSION, type AgentWorld } from '../agents/agent-world.ts'
import { hanging } from '../agents/hanging.ts'
import { readLines } from '../agents/read-lines.ts'
import { describeProviderContract, run } from '../contracts/provider-contract.ts'

const PATHS = {
  text: 'message',
  error: 'error.message',
  input_tokens: 'usage.input',
  cached_tokens: 'usage.cached',
  output_tokens: 'usage.output',
  cost_usd: 'total_cost',
}
const STEPS = [
  { message: 'I look.', usage: { input: 100, cached: 0, output: 5 }, total_cost: 0.001 },
  { message: 'hello', usage: { input: 220, cached: 100, output: 12 }, total_cost: 0.0021 },
]
const USAGE = { input: 220, cached: 100, output: 12 }
const read = (reading: Partial<Reading>) => readGeneric({ output: 'jsonl', paths: PATHS, ...reading })

describeProviderContract('agent', {
  start: () => agentWorld({ type: 'agent', output: 'jsonl', paths: PATHS }),
  answers: {
    'what it says last': async ({ request }) => ({ request: await request({ lines: STEPS }), text: 'hello', finish: 'stop', usage: USAGE }),
  },
  fails: {
    'the command exits with an error': ({ request }) => request({ lines: STEPS, stderr: 'Traceback\nno such key\n', exit: 1 }),
    'the answer is empty': ({ request }) => request({ lines: [{ ...STEPS[1], message: '\n' }] }),
    'the body is garbage': ({ request }) => request({ lines: ['{"message":'] }),
  },
  hangs: hanging(STEPS),
})

describe('what a configured agent prints', () => {
  it('is its answer as it stands, where it prints text', () => {
    const { shown, answer } = readLines(read({ output: 'text', paths: {} }), ['# Done', '', '{"a": 1}'])
    expect(answer).toEqual({ result: 'answered', text: '# Done\n\n{"a": 1}\n', finish: 'stop' })
    expect(shown).toEqual(['# Done', '{"a": 1}'])
  })

  it('is one JSON value, which may stand on several lines', () => {
    const value = { items: [{ text: 'first' }, { text: 'last' }], meta: { cost: 0.5, tokens: [7, 3] } }
    const paths = { text: 'items[-1].text', cost_usd: 'meta.cost', input_tokens: 'meta.tokens[0]', output_tokens: 'meta.tokens.1' }
    const { answer } = readLines(read({ output: 'json', paths }), JSON.stringify(value, null, 2).split('\n'))
    expect(answer).toEqual({ result: 'answered', text: 'last', usage: { input: 7, output: 3 }, cost_micro_usd: 500_000, finish: 'stop' })
  })

  it('is JSON on each line, of which the last counts that has something to say', () => {
    const { shown, answer } = readLines(read({}), ['starting …', ...STEPS, { event: 'bye' }])
    expect(answer).toEqual({ result: 'answered', text: 'hello', usage: USAGE, cost_micro_usd: 2100, finish: 'stop' })
    expect(shown).toEqual(['starting …', 'I look.', 'hello'])
  })

  it('is an answer as a whole, where no path to its text is configured', () => {
    expect(readLines(read({ paths: {} }), [{ a: 1 }]).answer).toMatchObject({ result: 'answered', text: '{"a":1}\n' })
  })

  it('keeps an answer that is no text as JSON', () => {
    expect(readLines(read({ paths: { text: 'plan' } }), [{ plan: { steps: 2 } }]).answer).toMatchObject({ text: '{"steps":2}' })
  })

  it('has no answer where there is nothing at its path', () => {
    expect(readLines(read({}), [{ event: 'bye' }]).answer).toMatchObject({ kind: 'bad_output', message: 'its output has nothing at "message"' })
    for (const output of ['json', 'jsonl'] as const) {
      for (const paths of [PATHS, {}]) {
        expect(readLines(read({ output, paths }), ['{"message": "cut of']).answer).toMatchObject({ kind: 'bad_output', message: 'its output is no JSON' })
      }
    }
    expect(readLines(read({ output: 'json', paths: {} }), ['null']).answer).toMatchObject({ result: 'answered', text: 'null\n' })
    expect(readLines(read({ paths: { text: 'constructor.name' } }), [{}]).answer).toMatchObject({ kind: 'bad_output' })
  })

  it('fails where it says so, with what it cost all the same', () => {
    const { answer } = readLines(read({}), [...STEPS, { error: { message: 'no key' } }])
    expect(answer).toEqual({ result: 'failed', kind: 'command_failed', message: 'no key', usage: USAGE, cost_micro_usd: 2100 })
  })

  it.each([null, false, ''])('does not fail when what it says of an error is %j', (error) => {
    expect(readLines(read({ paths: { ...PATHS, error: 'error' } }), [{ error: 'a slip' }, { message: 'hello', error }]).answer).toMatchObject({ text: 'hello' })
  })

  it('fails with its exit code and what it said last on stderr', () => {
    const { answer } = readLines(read({}), STEPS, { exit: 3, stderr_tail: 'Traceback\nno such key\n\n' })
    expect(answer).toEqual({ result: 'failed', kind: 'command_failed', message: 'exit code 3: no such key', usage: USAGE, cost_micro_usd: 2100 })
  })

  it.each([0, -1, 'much', null, '0.5'])('does not know its cost when it says %j', (total_cost) => {
    expect(readLines(read({}), [{ message: 'hello', total_cost }]).answer.cost_micro_usd).toBeUndefined()
  })

  it('does not know its tokens when it says something else than numbers', () => {
    expect(readLines(read({}), [{ message: 'hello', usage: { input: '7', output: 1.5 } }]).answer.usage).toBeUndefined()
  })

  it('does not take what it told before it was ended for all it cost', () => {
    const { answer } = readLines(read({}), STEPS, { end: { how: 'aborted' } })
    expect(answer).toEqual({ result: 'failed', kind: 'interrupted', message: 'the agent was interrupted' })
  })
})

describe('how a configured agent is called', () => {
  let here: AgentWorld | undefined
  beforeEach(() => {
    here = undefined
  })
  afterEach(() => here?.stop())

  async function called(argv: unknown[], terms: Partial<AgentTerms> = {}, more: Partial<AttemptRequest> = {}) {
    here = await agentWorld({ type: 'agent', argv })
    const { answer } = await run(here.provider, await here.request({ lines: ['hello'] }, terms, more))
    expect(answer).toMatchObject({ result: 'answered', text: 'hello\n' })
    const [call] = await here.calls()
    if (call === undefined) throw new Error('it was called')
    return { ...call, cwd: here.cwd }
  }

  it('has the prompt on stdin', async () => {
    expect(await called(['--yes'])).toMatchObject({ args: ['--yes'], stdin: 'Mend it.' })
  })

  it('has the prompt where its place is, and then nothing on stdin', async () => {
    expect(await called(['-p', 'Task: {prompt}'])).toMatchObject({ args: ['-p', 'Task: Mend it.'], stdin: '' })
  })

  it('has the prompt in a file of its own, which is gone afterwards', async () => {
    const { args, stdin } = await called(['--message-file', '{prompt_file}'])
    expect(stdin).toBe('')
    await expect(readFile(args[1] ?? '', 'utf8')).rejects.toThrow('ENOENT')
  })

  it('cannot have a prompt that is too long as an argument, and says where to put it', async () => {
    here = await agentWorld({ type: 'agent', argv: ['{prompt}'] })
    const request = await here.request({ lines: ['hello'] })
    for (const prompt of ['x'.repeat(10_000_000), 'a\0b']) {
      const { answer } = await run(here.provider, { ...request, work: { ...request.work, kind: 'prompt', prompt } })
      expect(answer).toMatchObject({ kind: 'bad_request', message: expect.stringContaining('use {prompt_file} in its "argv", or leave the prompt to stdin'), unspent: true })
    }
  })

  it('has everything that the task says where its place is', async () => {
    const argv = ['{cwd}', '--id={session}', ['-m', '{model}'], ['--tools', '{tools}'], ['--turns', '{max_turns}', '--usd', '{max_cost_usd}'], '{"a": 1}']
    const { args, cwd } = await called(argv, { tools: ['Edit', 'Run'], max_turns: 7, max_cost_micro_usd: 1 }, { model: '$& {prompt}' })
    expect(args).toEqual([cwd, `--id=${SESSION}`, '-m', '$& {prompt}', '--tools', 'Edit,Run', '--turns', '7', '--usd', '0.000001', '{"a": 1}'])
  })

  it('is called without what the task does not say, and what belongs to it', async () => {
    const { args } = await called([['--model', '{model}'], '--turns={max_turns}', ['--usd', '{max_cost_usd}', '{session}'], '--yes'])
    expect(args).toEqual(['--yes'])
  })

  it('has the prompt on stdin, where its place is left out with what belongs to it', async () => {
    expect(await called([['--model', '{model}', '{prompt}']])).toMatchObject({ args: [], stdin: 'Mend it.' })
  })

  it('reads the file with the prompt', async () => {
    here = await agentWorld({ type: 'agent', program: 'cat', argv: ['{prompt_file}'] })
    const { answer } = await run(here.provider, await here.request({}))
    expect(answer).toMatchObject({ result: 'answered', text: 'Mend it.' })
  })

  it('has no places but those that there are', () => {
    const parsed = ProviderOptions.safeParse({ type: 'agent', program: 'x', argv: [['--model', '{modle}']] })
    expect(z.prettifyError(parsed.error ?? new z.ZodError([]))).toMatch(/may hold places for \{prompt\}.*\{max_cost_usd\}/)
  })
})
