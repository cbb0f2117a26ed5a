import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAgent } from '../../src/providers/agents/agent.ts'
import type { AgentCli } from '../../src/providers/agents/agent-cli.ts'
import type { AgentSetup } from '../../src/providers/agents/agent-program.ts'
import { claudeCli } from '../../src/providers/agents/claude-cli.ts'
import type { Answer } from '../../src/providers/provider.ts'
import { agentWorld, FAKE, type AgentWorld, type Scenario } from '../agents/agent-world.ts'
import * as claude from '../agents/claude-lines.ts'
import { run } from '../contracts/provider-contract.ts'
import { tempDir } from '../temp-dir.ts'

const onLinux = process.platform === 'linux'
const done: Scenario = { lines: [claude.init, claude.says('hello there friend'), claude.result()] }

let here: AgentWorld
beforeEach(async () => {
  here = await agentWorld({ type: 'claude-code' })
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await here.stop()
})

/** An agent with little patience for what is deaf to TERM. */
const setup = (): AgentSetup => ({
  name: 'helper',
  cli: claudeCli({ permission_mode: 'default', free: false }, ['default']),
  options: { args: [], env: [], roots: ['.'], free: false, program: FAKE },
  extra: { workspace: here.workspace, secrets: [], environment: process.env },
  grace_ms: 100,
})

describe('an agent leaves no process behind', () => {
  const CHILDREN: [string, Scenario][] = [
    ['nothing else', {}],
    ['a process in its group that holds its stdout', { child: 'in its group' }],
    ...(onLinux ? ([['a process in its own session that holds its stdout and is deaf to TERM', { child: 'in its own session' }]] as [string, Scenario][]) : []),
  ]

  it.each(CHILDREN)('when it has ended and left %s', async (_, left) => {
    const { answer } = await run(here.provider, await here.request({ ...done, ...left }))
    expect(answer).toMatchObject({ result: 'answered', text: 'hello there friend' })
    await here.released()
  })

  it.each(CHILDREN)('when it is interrupted, is deaf to TERM, and has %s', async (_, left) => {
    const request = await here.request({ lines: [claude.init], hang: true, ignore_term: true, ...left })
    const stop = new AbortController()
    const running = run(createAgent(setup()), request, stop.signal)
    await here.pids(left.child === undefined ? 1 : 2)
    stop.abort('timed out')
    expect((await running).answer).toEqual({ result: 'failed', kind: 'interrupted', message: 'the agent was interrupted' })
    await here.released()
  })

  it.runIf(onLinux)('not even one that has left its group and its environment, while the agent lives', async () => {
    const request = await here.request({ hang: true, child: 'in its own session', child_env: 'cleared' })
    const stop = new AbortController()
    const running = run(createAgent(setup()), request, stop.signal)
    await here.pids(2)
    stop.abort()
    await running
    await here.released()
  })

  it('nor a file in the folder for temporary ones', async () => {
    await run(here.provider, await here.request(done))
    const [call] = await here.calls()
    const folder = call?.env['TMPDIR'] ?? ''
    expect(folder).toMatch(/tutti-/)
    expect(existsSync(folder)).toBe(false)
  })
})

describe('what an agent sees of the environment', () => {
  it('is what it needs, what the configuration names, and what it is told about its run, which wins', async () => {
    const set = { GITHUB_TOKEN: 'ghp_x', DATABASE_URL: 'pg://x', LC_ALL: 'C', XDG_CONFIG_HOME: '/c', https_proxy: 'p:1', MY_TOOL: 'on', TUTTI_TASK: 'other' }
    for (const [name, value] of Object.entries(set)) vi.stubEnv(name, value)
    const agent = await agentWorld({ type: 'claude-code', env: ['MY_TOOL', 'TUTTI_TASK', 'NOT_SET'] })
    await run(agent.provider, await agent.request(done, { env: { TUTTI_TASK: 'mend' } }))
    const [call] = await agent.calls()
    await agent.stop()
    expect(call?.env).toMatchObject({ PATH: process.env['PATH'], LC_ALL: 'C', XDG_CONFIG_HOME: '/c', https_proxy: 'p:1', MY_TOOL: 'on', TUTTI_TASK: 'mend' })
    for (const name of ['GITHUB_TOKEN', 'DATABASE_URL', 'NOT_SET']) expect(call?.env).not.toHaveProperty(name)
  })
})

describe('the folder of an agent', () => {
  const outside = { result: 'failed', kind: 'bad_request', unspent: true, message: expect.stringContaining('"providers.helper.roots"') }

  it('is the workspace or one below it', async () => {
    await writeFile(join(here.workspace, 'scenario.json'), JSON.stringify(done))
    expect((await run(here.provider, await here.request(done, { cwd: here.workspace }))).answer).toMatchObject({ result: 'answered' })
    expect((await run(here.provider, await here.request(done))).answer).toMatchObject({ result: 'answered' })
  })

  it('is not one above it, beside it, that is missing, or that a link leads out to', async () => {
    await symlink('/', join(here.workspace, 'out'))
    const beside = await tempDir()
    for (const cwd of ['/', join(here.workspace, '..'), beside, join(here.workspace, 'gone'), join(here.workspace, 'out')]) {
      expect((await run(here.provider, await here.request(done, { cwd }))).answer).toMatchObject(outside)
    }
    expect(await here.calls()).toEqual([])
  })

  it('is one of the roots, where the configuration names some', async () => {
    const agent = await agentWorld({ type: 'claude-code', roots: ['other', here.workspace] })
    expect((await run(agent.provider, await agent.request(done))).answer).toMatchObject(outside)
    await mkdir(join(agent.workspace, 'other'))
    await writeFile(join(agent.workspace, 'other/scenario.json'), JSON.stringify(done))
    await here.request(done)
    for (const cwd of [join(agent.workspace, 'other'), here.cwd]) {
      expect((await run(agent.provider, await agent.request(done, { cwd }))).answer).toMatchObject({ result: 'answered' })
    }
    await agent.stop()
  })
})

describe('an agent that cannot be started', () => {
  it('says what to install, or where to say where it is', async () => {
    const agent = await agentWorld({ type: 'claude-code', program: 'no-such-agent' })
    const message = 'cannot start "no-such-agent": there is no such program; install it, or say where it is with "providers.helper.program"'
    expect((await run(agent.provider, await agent.request(done))).answer).toEqual({ result: 'failed', kind: 'not_installed', message, unspent: true })
    expect(await agent.provider.health(new AbortController().signal)).toEqual({ state: 'misconfigured', detail: message })
    await agent.stop()
  })

  it('is not to blame for arguments that are too long, or that no program can be given', async () => {
    const long = await here.request(done, { tools: ['x'.repeat(10_000_000)] })
    expect((await run(here.provider, long)).answer).toMatchObject({
      kind: 'bad_request',
      message: expect.stringMatching(/an argument has 10000000\); shorten "system", "tools" and "params" of the task/),
      unspent: true,
    })
    const odd = await here.request(done, { env: { TUTTI_PARAM_KEY: 'a\0b' } })
    expect((await run(here.provider, odd)).answer).toMatchObject({ kind: 'bad_request', message: expect.stringContaining('NUL'), unspent: true })
  })

  it('may be started another time, where it is not the program that is missing', async () => {
    await here.stop()
    expect(await here.provider.health(new AbortController().signal)).toMatchObject({ state: 'unreachable', detail: expect.stringContaining('there is no such folder') })
  })

  it('is looked for in the workspace when its path is relative', async () => {
    const agent = await agentWorld({ type: 'claude-code', program: './bin/agent' })
    await mkdir(join(agent.workspace, 'bin'))
    await symlink(FAKE, join(agent.workspace, 'bin/agent'))
    expect((await run(agent.provider, await agent.request(done))).answer).toMatchObject({ result: 'answered' })
    await agent.stop()
  })

  it.each([
    ['does not hold the question whether it is there', 'exec sleep 100', 'did not answer in time'],
    ['may work another time, where it does not tell its version now', 'exit 3', 'did not work: exit code 3'],
  ])('%s', async (_, script, detail) => {
    const program = join(here.workspace, 'odd')
    await writeFile(program, `#!/bin/sh\n${script}\n`)
    await chmod(program, 0o755)
    const agent = await agentWorld({ type: 'claude-code', program })
    const signal = script === 'exit 3' ? new AbortController().signal : AbortSignal.timeout(50)
    expect(await agent.provider.health(signal)).toMatchObject({ state: 'unreachable', detail: expect.stringContaining(detail) })
    await agent.stop()
  })
})

describe('what an agent prints', () => {
  it('may be more than is kept of it, and a line may be longer than anything can be', async () => {
    const long = 'x'.repeat(5_000_000)
    const { answer, written } = await run(here.provider, await here.request({ lines: [claude.init, claude.says(long), claude.says('short'), claude.result()] }))
    expect(answer).toMatchObject({ result: 'answered', text: 'hello there friend' })
    expect(written).toMatch(/^session .*\nshort\n$/)
  })

  it('is heard, also where nothing of it is shown', async () => {
    const request = await here.request({ lines: [{ type: 'system', subtype: 'status' }], hang: true })
    const heard = new AbortController()
    let written = ''
    const answer = await here.provider.run(request, { signal: heard.signal, write: (text) => (written += text), heard: () => heard.abort() })
    expect(answer).toMatchObject({ kind: 'interrupted' })
    expect(written).toBe('')
    await here.released()
  })

  it('does not hide how it ended', async () => {
    for (const stderr of ['\rerror: all is well', 'error: all is well\n\u001b[2K\r \n', '\u001b]0;title\u0007error: all is well\r\n']) {
      const { answer } = await run(here.provider, await here.request({ lines: [claude.init], stderr, exit: 7 }))
      expect(answer).toMatchObject({ message: 'exit code 7: error: all is well' })
    }
  })

  it('on stderr is shown too', async () => {
    const { written } = await run(here.provider, await here.request({ ...done, stderr: 'warning: old config\n' }))
    expect(written).toContain('warning: old config\n')
  })
})

it('is not what a command asks for', async () => {
  const work = { kind: 'command', command: 'true', cwd: here.cwd, env: {} } as const
  const { answer } = await run(here.provider, { task: 'mend', work })
  expect(answer).toMatchObject({ kind: 'bad_request', message: 'helper takes prompts, and the task mend is a command' })
})

describe('an agent that says what it has spent while it works', () => {
  /** Each line is an amount in micro-dollars. */
  const counting: AgentCli = {
    program: FAKE,
    env: [],
    call: ({ prompt }) => ({ args: [], stdin: prompt }),
    read: () => {
      let spent = 0
      return {
        line: (line) => {
          if (line === 'bug') throw new Error('bug: of the reader')
          spent = Number(line)
          return undefined
        },
        spent: () => spent,
        end: (): Answer => ({ result: 'answered', text: 'done', finish: 'stop', usage: { output: 3 } }),
      }
    },
  }
  const create = (free = false) => createAgent({ ...setup(), cli: counting, options: { ...setup().options, free } })

  it('is stopped when that passes its limit', async () => {
    const request = await here.request({ lines: ['100', '400'], hang: true, ignore_term: true }, { max_cost_micro_usd: 399 })
    expect((await run(create(), request)).answer).toEqual({
      result: 'failed',
      kind: 'limit_reached',
      message: 'the agent was stopped at $0.000400; it may use $0.000399',
      usage: { output: 3 },
      cost_micro_usd: 400,
    })
    await here.released()
  })

  it('is not stopped at its limit, nor where nothing is paid', async () => {
    const request = await here.request({ lines: ['100', '400'] }, { max_cost_micro_usd: 400 })
    expect((await run(create(), request)).answer).toMatchObject({ result: 'answered' })
    const beyond = await here.request({ lines: ['500'] }, { max_cost_micro_usd: 400 })
    expect((await run(create(true), beyond)).answer).toMatchObject({ result: 'answered', cost_micro_usd: 0 })
  })

  it('is ended, and nothing else, when its reader has a bug', async () => {
    await expect(run(create(), await here.request({ lines: ['bug'], hang: true }))).rejects.toThrow('bug: of the reader')
    await here.released()
  })
})

it('has been paid for an answer that is empty', async () => {
  const { answer } = await run(here.provider, await here.request({ lines: [claude.init, claude.result({ result: ' \n' })] }))
  expect(answer).toEqual({
    result: 'failed',
    kind: 'bad_output',
    message: 'the agent ended without an answer (finish reason: stop)',
    usage: { input: 420, cached: 300, cache_write: 20, output: 12 },
    cost_micro_usd: 800,
  })
})

it('tells its version when it is asked whether it is there', async () => {
  expect(await here.provider.health(new AbortController().signal)).toEqual({ state: 'ready', detail: 'claude 0.0.1 (fake)' })
  expect(await readFile(join(here.cwd, 'pids'), 'utf8').catch(() => 'none')).toBe('none')
})
