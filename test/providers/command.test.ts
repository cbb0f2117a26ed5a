import { existsSync, writeFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createCommand, type CommandOptions } from '../../src/providers/command.ts'
import type { Reply } from '../../src/core/question.ts'
import type { AttemptRequest } from '../../src/providers/provider.ts'
import { describeProviderContract, run, type ProviderWorld } from '../contracts/provider-contract.ts'
import { isRunning } from '../process/is-running.ts'

type World = ProviderWorld & { cwd: string; request: (command: string | string[]) => AttemptRequest }

const SECRET = 'sk-command-test-secret'

async function world(options: Partial<CommandOptions> = {}): Promise<World> {
  vi.stubEnv('COMMAND_TEST_KEY', SECRET)
  const cwd = await mkdtemp(join(tmpdir(), 'command-'))
  return {
    cwd,
    provider: createCommand({ name: 'shell', secrets: ['COMMAND_TEST_KEY'], ...options }),
    request: (command) => ({ task: 'tune', work: { kind: 'command', command, cwd, env: { PARAM_TUNE: 'c major' } } }),
    released: async () => {
      const pids = (await readFile(join(cwd, 'pids'), 'utf8')).trim().split('\n').map(Number)
      await vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), { timeout: 5000 })
    },
    secrets: [SECRET],
    stop: async () => {
      vi.unstubAllEnvs()
      await rm(cwd, { recursive: true, force: true })
    },
  }
}

const until = (file: string) => vi.waitFor(() => expect(existsSync(file)).toBe(true), { timeout: 10_000 })

describeProviderContract('command', {
  start: world,
  answers: {
    'what the shell prints': ({ request }) => ({
      request: request('printf "%s\\n" "$PARAM_TUNE" | tr a-z A-Z'),
      text: 'C MAJOR\n',
      finish: 'stop',
      usage: undefined,
    }),
    'what a program prints': ({ request }) => ({ request: request(['echo', '$HOME']), text: '$HOME\n', finish: 'stop', usage: undefined }),
    'nothing, when nothing is printed': ({ request }) => ({ request: request('true'), text: '', finish: 'stop', usage: undefined }),
  },
  streams: ({ cwd, request }) => ({
    request: request('echo one; while [ ! -e next ]; do sleep 0.01; done; echo two'),
    proceed: () => writeFileSync(join(cwd, 'next'), ''),
  }),
  asks: ({ request }) => ({
    request: request(`printf "%s\\n" $$ > pids; echo '{"question":"Deploy?","options":["yes","no"],"default":"no"}' >&3; read -r answer <&4; echo "$answer it is"`),
    question: { kind: 'question', asks: [{ text: 'Deploy?', options: [{ label: 'yes' }, { label: 'no' }], default: 'no' }] },
    reply: { is: 'answered', answers: ['yes'] },
    text: 'yes it is\n',
  }),
  fails: {
    'the command exits with an error': ({ request }) => request('env >&2; exit 3'),
    'the command cannot be started': ({ request }) => request(['no-such-program-here']),
  },
  hangs: {
    'it never answers': ({ cwd, request }) => ({
      request: request('sleep 100 & printf "%s\\n" $! $$ > pids; touch ready; wait'),
      underway: () => until(join(cwd, 'ready')),
    }),
    'it falls silent in mid-answer': ({ request }) => ({
      request: request('sleep 100 & printf "%s\\n" $! $$ > pids; echo one; wait'),
      underway: (first) => first,
    }),
  },
})

describe('a command', () => {
  let here: World
  beforeEach(async () => {
    here = await world()
  })
  afterEach(() => here.stop())

  it('answers with stdout; what it says on stderr is streamed only', async () => {
    const { answer, written } = await run(here.provider, here.request('echo result; echo progress >&2'))
    expect(answer).toEqual({ result: 'answered', text: 'result\n', finish: 'stop' })
    expect(written.split('\n').sort()).toEqual(['', 'progress', 'result'])
  })

  it('fails with its exit code and what it said last on stderr', async () => {
    const { answer } = await run(here.provider, here.request('echo out; echo "\u001b[31mno such\tbranch\u001b[0m" >&2; exit 2'))
    expect(answer).toMatchObject({ kind: 'command_failed', message: 'exit code 2: no such branch' })
  })

  it('tells the line that speaks of the error, not the stack below it', async () => {
    const { answer } = await run(here.provider, here.request(`node -e 'require("./nowhere")'`))
    expect(answer).toMatchObject({ message: "exit code 1: Error: Cannot find module './nowhere'" })
  })

  it('fails with what it said on stdout when stderr is empty', async () => {
    const { answer } = await run(here.provider, here.request('echo "1 of 3 failed"; exit 1'))
    expect(answer).toMatchObject({ message: 'exit code 1: 1 of 3 failed' })
    expect((await run(here.provider, here.request('exit 1'))).answer).toMatchObject({ message: 'exit code 1' })
  })

  it('fails when a signal ended it', async () => {
    const { answer } = await run(here.provider, here.request('kill -ABRT $$'))
    expect(answer).toMatchObject({ kind: 'command_failed', message: 'ended by SIGABRT' })
  })

  it('names what could not be started', async () => {
    const { answer } = await run(here.provider, here.request(['no-such-program-here']))
    expect(answer).toMatchObject({ message: 'cannot start "no-such-program-here": there is no such program' })
  })

  it('does not see a secret unless the configuration lets it', async () => {
    const command = here.request('echo "key: $COMMAND_TEST_KEY"')
    expect((await run(here.provider, command)).answer).toMatchObject({ text: 'key: \n' })
    const trusted = createCommand({ name: 'shell', secrets: ['COMMAND_TEST_KEY'], env: ['COMMAND_TEST_KEY'] })
    expect((await run(trusted, command)).answer).toMatchObject({ text: `key: ${SECRET}\n` })
  })

  it('has its output cut in the middle where it is too long', async () => {
    const provider = createCommand({ name: 'shell', secrets: [], max_output_bytes: 30 })
    const { answer } = await run(provider, here.request(`printf 'a%.0s' $(seq 100)`))
    expect(answer).toMatchObject({ text: `${'a'.repeat(20)}\n[… 70 bytes left out …]\n${'a'.repeat(10)}` })
  })

  it('is not what a prompt asks for', async () => {
    const { answer } = await run(here.provider, { task: 'tune', work: { kind: 'prompt', prompt: 'Sing.' } })
    expect(answer).toMatchObject({ kind: 'bad_request', message: 'shell runs commands, and the task tune is a prompt' })
  })

  describe('that asks', () => {
    const asks = (line: string) => here.request(`printf '%s\\n' '${line}' >&$TUTTI_ASK_FD; read -r answer <&$TUTTI_ANSWER_FD; echo "[$answer]"`)
    const answering = (reply: Reply) => vi.fn(async () => reply)

    it('is answered in a line', async () => {
      const { answer } = await run(here.provider, asks('{"question":"What to sing?"}'), undefined, answering({ is: 'answered', answers: ['first this,\nthen "that"'] }))
      expect(answer).toMatchObject({ text: '[first this, then "that"]\n' })
    })

    it.each<[string, Reply]>([
      ['nobody answers', { is: 'unanswered', message: 'nobody is there' }],
      ['the answer is refused', { is: 'denied', message: 'ask somebody else' }],
    ])('is answered with nothing where %s', async (_, reply) => {
      expect((await run(here.provider, asks('{"question":"Deploy?"}'), undefined, answering(reply))).answer).toMatchObject({ text: '[]\n' })
    })

    it.each([
      ['deploy?', 'it is not JSON'],
      ['{"options":["yes"]}', '"question": Invalid input: expected string, received undefined'],
      ['{"question":""}', '"question": Too small'],
      ['{"question":"Which?","options":"yes"}', '"options": Invalid input: expected array, received string'],
      ['', 'it is empty'],
      [`{"question":"${'x'.repeat(40_000)}"}`, 'longer than 32768 characters'],
    ])('is told nothing, and the log why, where the line is no question: %.30s', async (line, why) => {
      const ask = answering({ is: 'answered', answers: ['yes'] })
      const { answer, written } = await run(here.provider, asks(line), undefined, ask)
      expect(answer).toMatchObject({ text: '[]\n' })
      expect(written).toContain(why)
      expect(written).toMatch(/^\[a line on descriptor 3 is no question: [^\n]*\]\n/)
      expect(ask).not.toHaveBeenCalled()
    })

    it('takes its question back when it ends before it is answered', async () => {
      let withdrawn: AbortSignal | undefined
      const { answer } = await run(here.provider, here.request(`echo '{"question":"Deploy?"}' >&3; while [ ! -e next ]; do sleep 0.01; done; echo done`), undefined, (_, signal) => {
        withdrawn = signal
        writeFileSync(join(here.cwd, 'next'), '')
        return new Promise(() => undefined)
      })
      expect(answer).toMatchObject({ result: 'answered', text: 'done\n' })
      expect(withdrawn?.aborted).toBe(true)
    })

    it('does not find where to ask unless it may', async () => {
      vi.stubEnv('TUTTI_ASK_FD', '7')
      const { answer } = await run(here.provider, here.request('echo "[$TUTTI_ASK_FD$TUTTI_ANSWER_FD]"'))
      expect(answer).toMatchObject({ text: '[]\n' })
    })
  })
})
