import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Question, Reply } from '../../src/core/question.ts'
import type { AgentTerms, Answer, AskPerson } from '../../src/providers/provider.ts'
import { agentWorld, SESSION, type AgentWorld, type Scenario } from '../agents/agent-world.ts'
import * as claude from '../agents/claude-lines.ts'
import { run } from '../contracts/provider-contract.ts'

const allowed: Reply = { is: 'allowed' }
const denied: Reply = { is: 'denied', message: 'not on a Friday' }
const nobody: Reply = { is: 'unanswered', message: 'it is night' }

describe('claude code, where a person may be asked', () => {
  let here: AgentWorld
  beforeEach(async () => {
    here = await agentWorld({ type: 'claude-code' })
  })
  afterEach(() => here.stop())

  async function answer(lines: Scenario['lines'], ask: AskPerson, terms: Partial<AgentTerms> = {}): Promise<Answer> {
    return (await run(here.provider, await here.request({ lines: lines ?? [] }, terms), undefined, ask)).answer
  }

  /** What reaches the person of one request. */
  async function questionOf(request: object): Promise<Question | undefined> {
    const asked: Question[] = []
    await answer([claude.init, request, claude.result()], async (question) => {
      asked.push(question)
      return nobody
    })
    return asked[0]
  }

  const response = async () => (await here.responses())[0]
  const success = (given: object, request_id = 'r1') => ({ type: 'control_response', response: { subtype: 'success', request_id, response: given } })

  it('is called so that it asks, with the prompt as a message', async () => {
    await answer([claude.init, claude.result()], async () => allowed)
    const [call] = await here.calls()
    expect(call?.args).toEqual([
      '-p', '--output-format', 'stream-json', '--verbose', '--input-format', 'stream-json', '--permission-prompt-tool', 'stdio',
      '--session-id', SESSION, '--permission-mode', 'acceptEdits',
    ])
    expect(JSON.parse(call?.stdin ?? '')).toEqual({ type: 'user', message: { role: 'user', content: 'Mend it.' } })
  })

  it('goes on with a session by a message, and begins it anew where it is not there', async () => {
    const request = await here.request({ lines: [claude.init, claude.result()], resumed: { lines: [claude.noSession], exit: 1 } }, { session: { id: SESSION, resume: true, spent_micro_usd: 500 } })
    expect((await run(here.provider, request, undefined, async () => allowed)).answer).toMatchObject({ result: 'answered' })
    const contents = (await here.calls()).map(({ stdin }) => JSON.parse(stdin).message.content)
    expect(contents).toEqual(['Go on where you were interrupted, and finish the task.', 'Mend it.'])
  })

  it('is stopped at its limit as ever', async () => {
    expect(await answer([claude.init, claude.budgetUsedUp], async () => allowed)).toMatchObject({ kind: 'limit_reached', cost_micro_usd: 3840 })
  })

  describe('asks questions', () => {
    const questions = [
      { question: 'Which colour?', header: 'Colour', multiSelect: true, options: [{ label: 'Red' }, { label: 'Blue', description: 'b' }] },
      { question: 'Which name?', header: 'Name', multiSelect: false, options: [] },
    ]

    it('several at once, and gets the answers in its own words', async () => {
      const ask = vi.fn<AskPerson>(async () => ({ is: 'answered', answers: ['Red, Blue', 'my own'] }))
      expect(await answer([claude.init, claude.asks(questions), claude.result()], ask)).toMatchObject({ result: 'answered', cost_micro_usd: 800 })
      expect(ask.mock.calls[0]?.[0]).toEqual({
        kind: 'question',
        asks: [
          { text: 'Which colour?', options: [{ label: 'Red' }, { label: 'Blue', description: 'b' }], multiple: true },
          { text: 'Which name?', options: [] },
        ],
      })
      expect(await response()).toEqual(success({ behavior: 'allow', updatedInput: { questions, answers: { 'Which colour?': 'Red, Blue', 'Which name?': 'my own' } } }))
    })

    it.each([
      [nobody, 'Nobody answers: it is night. Decide by yourself'],
      [denied, 'This will not be answered: not on a Friday. Decide by yourself'],
    ])('and decides by itself where it gets none: %j', async (reply, said) => {
      const result = claude.result({ permission_denials: [claude.turnedDown('AskUserQuestion', { questions })] })
      expect(await answer([claude.init, claude.asks(questions), result], async () => reply)).toMatchObject({ result: 'answered' })
      expect(await response()).toEqual(success({ behavior: 'deny', message: expect.stringContaining(said) }))
    })

    it.each([
      [{ questions: [] }, 'cannot be asked'],
      [{ questions: [{ question: 'x'.repeat(5000) }] }, 'no question'],
      [{}, 'no question'],
    ])('and is told where they are none, without asking anybody', async (input, said) => {
      const ask = vi.fn<AskPerson>()
      const result = claude.result({ permission_denials: [claude.turnedDown('AskUserQuestion', input)] })
      expect(await answer([claude.init, claude.wants('AskUserQuestion', input), result], ask)).toMatchObject({ result: 'answered' })
      expect(await response()).toEqual(success({ behavior: 'deny', message: expect.stringContaining(said) }))
      expect(ask).not.toHaveBeenCalled()
    })
  })

  describe('asks for leave', () => {
    const use = { command: 'rm -rf build', description: 'Clean' }

    it('and goes on as it wanted where it gets it', async () => {
      expect(await answer([claude.init, claude.wants('Bash', use), claude.result()], async () => allowed)).toMatchObject({ result: 'answered' })
      expect(await response()).toEqual(success({ behavior: 'allow', updatedInput: use }))
    })

    it('and is judged by its result where somebody says no', async () => {
      const result = claude.result({ permission_denials: [claude.turnedDown('Bash', use)] })
      expect(await answer([claude.init, claude.wants('Bash', use), result], async () => denied)).toMatchObject({ result: 'answered', text: 'hello there friend' })
      expect(await response()).toEqual(success({ behavior: 'deny', message: 'This is not allowed: not on a Friday. Go on without it.' }))
    })

    it('and has failed as ever where nobody was there to say anything, or to be asked', async () => {
      const result = claude.result({ permission_denials: [claude.turnedDown('Bash', use)] })
      expect(await answer([claude.init, claude.wants('Bash', use), result], async () => nobody)).toMatchObject({ kind: 'permission_denied' })
      const other = claude.result({ permission_denials: [claude.turnedDown('Bash', use), { ...claude.turnedDown('Bash', { command: 'curl' }), tool_use_id: 'toolu_2' }] })
      expect(await answer([claude.init, claude.wants('Bash', use), other], async () => denied)).toMatchObject({ kind: 'permission_denied', message: expect.stringMatching(/use Bash: curl;/) })
    })

    it('by the rule that would allow just that', async () => {
      const rule = async (tool: string, input: object) => {
        const question = await questionOf(claude.wants(tool, input))
        return question?.kind === 'permission' ? question.rule : undefined
      }
      expect(await rule('Bash', { command: 'ls *.ts && npm test' })).toBe('Bash(ls \\*.ts && npm test)')
      expect(await rule('Edit', { file_path: `${here.cwd}/src/a.ts`, old_string: 'a', new_string: 'b' })).toBe('Edit(src/a.ts)')
      expect(await rule('Write', { file_path: '../outside.ts', content: '' })).toBe(`Write(/${here.workspace}/outside.ts)`)
      expect(await rule('WebFetch', { url: 'https://example.com/a?b', prompt: 'x' })).toBe('WebFetch(domain:example.com)')
      expect(await rule('mcp__notes__read', { path: 'x' })).toBe('mcp__notes__read')
      expect(await rule('ExitPlanMode', { plan: 'First …' })).toBe('ExitPlanMode')
    })

    it('with an input that a person can read, however long it is', async () => {
      const shown = async (content: string) => {
        const question = await questionOf(claude.wants('Write', { file_path: 'a.txt', content }))
        return question?.kind === 'permission' ? question.input : ''
      }
      expect(await shown('short')).toBe('{"file_path":"a.txt","content":"short"}')
      const long = await shown('\n'.repeat(100_000))
      expect(long.length).toBeLessThan(4000)
      expect(long).toContain('more characters')
      expect(await shown(`${'\n'.repeat(100_000)}.`)).not.toBe(long)
    })

    it('but not for what nobody could judge', async () => {
      const ask = vi.fn<AskPerson>()
      expect(await answer([claude.init, claude.wants('Bash', { command: 'x'.repeat(5000) }), claude.result()], ask)).toMatchObject({ result: 'answered' })
      expect(await response()).toEqual(success({ behavior: 'deny', message: expect.stringContaining('too long to be shown') }))
      expect(ask).not.toHaveBeenCalled()
    })
  })

  it('may ask several things at once, whose answers come in any order, and take one back', async () => {
    const replies = new Map<string, (reply: Reply) => void>()
    const withdrawn: string[] = []
    const lines = [claude.init, claude.wants('Bash', { command: 'one' }, 'r1'), claude.wants('Bash', { command: 'two' }, 'r2'), claude.wants('Bash', { command: 'three' }, 'r3'), claude.takesBack('r2'), claude.result()]
    const running = answer(lines, (question, signal) => {
      const rule = question.kind === 'permission' ? question.rule : ''
      signal?.addEventListener('abort', () => withdrawn.push(rule))
      return new Promise((resolve) => replies.set(rule, resolve))
    })
    await vi.waitFor(() => expect(withdrawn).toEqual(['Bash(two)']), { timeout: 10_000 })
    for (const rule of ['Bash(three)', 'Bash(two)', 'Bash(one)']) replies.get(rule)?.(allowed)
    expect(await running).toMatchObject({ result: 'answered' })
    expect(await here.responses()).toEqual([success({ behavior: 'allow', updatedInput: { command: 'three' } }, 'r3'), success({ behavior: 'allow', updatedInput: { command: 'one' } }, 'r1')])
  })

  it('is told of what we do not know, so that it does not wait for it', async () => {
    const hook = { type: 'control_request', request_id: 'r1', request: { subtype: 'hook_callback', callback_id: 'x' } }
    expect(await answer([claude.init, hook, claude.result()], async () => allowed)).toMatchObject({ result: 'answered' })
    expect(await response()).toEqual({ type: 'control_response', response: { subtype: 'error', request_id: 'r1', error: expect.any(String) } })
  })

  it('takes its question back when it ends, and a late answer is nobody\'s', async () => {
    let signal: AbortSignal | undefined
    let reply: ((reply: Reply) => void) | undefined
    const request = await here.request({ lines: [claude.init, claude.wants('Bash', { command: 'one' })], exit: 1, leaves: true })
    const { answer: told } = await run(here.provider, request, undefined, (_, withdrawn) => {
      signal = withdrawn
      return new Promise((resolve) => (reply = resolve))
    })
    expect(told).toMatchObject({ result: 'failed', kind: 'command_failed' })
    expect(signal?.aborted).toBe(true)
    reply?.(allowed)
    await here.released()
  })
})
