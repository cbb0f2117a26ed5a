import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/core/redact.ts'
import type { Answer, AttemptIo, AttemptRequest } from '../../src/providers/provider.ts'
import { task } from '../core/specs.ts'
import { agent, ANSWER, performer, provider, START } from './performer.ts'

/** A provider that answers only when it is interrupted. */
const hangs = (_: AttemptRequest, { signal }: AttemptIo) =>
  new Promise<Answer>((resolve) => {
    const stop = () => resolve({ result: 'failed', kind: 'interrupted', message: 'stopped' })
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop)
  })

describe('performing', () => {
  it('interrupts all that is under way when it is abandoned, and waits until it is gone', async () => {
    const { perform, abandon } = await performer(provider(hangs))
    const report = perform(START)
    await abandon()
    expect(await report).toMatchObject({ outcome: { kind: 'interrupted' } })
  })

  it('makes a failure of the task of whatever breaks in it', async () => {
    const { perform } = await performer(provider(() => Promise.reject(new Error('a bug in the provider'))))
    expect(await perform(START)).toMatchObject({ type: 'attempt-ended', outcome: { kind: 'broken', message: 'a bug in the provider' } })
  })

  it('fails no task for what the disk does not keep: whoever conducts has to stop', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', path: '/w/outputs/a/output.md' })
    const { perform } = await performer(provider(() => Promise.reject(full)))
    await expect(perform(START)).rejects.toThrow('/w/outputs/a/output.md: the disk is full (ENOSPC')
  })

  it('makes an interruption of what breaks while it is interrupted', async () => {
    const { perform, abandon } = await performer(provider(() => Promise.reject(new Error('broke while it was stopped'))))
    const report = perform(START)
    await abandon()
    expect(await report).toMatchObject({ outcome: { kind: 'interrupted' } })
  })

  it('makes an unmet check of a check that breaks', async () => {
    const { perform } = await performer(provider(hangs), { runChecks: () => Promise.reject(new Error('a bug in the check')) })
    const report = await perform({ type: 'check', spec: task('a'), attempt: 1, output: undefined, files: [], refused: [], is_reviewed: false })
    expect(report).toMatchObject({ type: 'checks-ended', rows: [{ passed: false, found: 'a bug in the check' }] })
  })
})

describe('asking a provider whether it is back', () => {
  const probe = { type: 'probe', provider: 'p' } as const

  it('tells what it says of itself, without secrets', async () => {
    const secret = { name: 'KEY', value: 'sesame-open' }
    const health = () => Promise.resolve({ state: 'misconfigured', detail: 'the key sesame-open is wrong' } as const)
    const { perform } = await performer(provider(hangs, { health }), { redactor: createRedactor([secret]) })
    expect(await perform(probe)).toEqual({ type: 'probed', provider: 'p', found: 'misconfigured', detail: 'the key [secret KEY] is wrong' })
  })

  it('finds one that breaks not to be there', async () => {
    const { perform } = await performer(provider(hangs, { health: () => Promise.reject(new Error('no')) }))
    expect(await perform(probe)).toMatchObject({ found: 'unreachable', detail: 'no' })
  })

  it('gives up when the performer is abandoned', async () => {
    const health = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('given up'))))
    const { perform, abandon } = await performer(provider(hangs, { health }))
    const report = perform(probe)
    await new Promise((resolve) => setImmediate(resolve))
    await abandon()
    expect(await report).toMatchObject({ found: 'unreachable', detail: 'given up' })
  })
})

describe('the time limits of an attempt', () => {
  const limited = (limits: Partial<typeof START.limits>) => ({ ...START, limits: { ...START.limits, ...limits } })

  it('tell a timeout from an interruption, and say how long it was', async () => {
    const { perform } = await performer(provider(hangs))
    expect(await perform(limited({ timeout_s: 0.01 }))).toMatchObject({ outcome: { kind: 'timeout', message: 'it took longer than 0.01 s' } })
  })

  it('do not make a timeout of an interruption that takes a while', async () => {
    const lingers = provider(async (request, io) => {
      const answer = await hangs(request, io)
      // A longer timer of the same process: the limit has passed when it is over.
      await new Promise((resolve) => setTimeout(resolve, 20))
      return answer
    })
    const { perform, abandon } = await performer(lingers)
    const report = perform(limited({ timeout_s: 0.001 }))
    await abandon()
    expect(await report).toMatchObject({ outcome: { kind: 'interrupted', message: 'stopped' } })
  })

  it('end an answer whose first word does not come', async () => {
    const { perform } = await performer(provider(hangs))
    expect(await perform(limited({ first_token_timeout_s: 0.01 }))).toMatchObject({
      outcome: { kind: 'silent', message: 'no word of an answer came within 0.01 s (first_token_timeout_s)' },
    })
  })

  it('end an answer that falls silent', async () => {
    const falls = provider((request, io) => {
      io.write('so')
      return hangs(request, io)
    })
    const { perform } = await performer(falls)
    expect(await perform(limited({ idle_timeout_s: 0.01 }))).toMatchObject({
      outcome: { kind: 'silent', message: 'nothing more of the answer came for 0.01 s (idle_timeout_s)' },
    })
  })

  it('count what a provider hears and shows nothing of', async () => {
    const { perform } = await performer(provider((request, io) => (io.heard?.(), hangs(request, io))))
    expect(await perform(limited({ first_token_timeout_s: 0.01, timeout_s: 0.05 }))).toMatchObject({ outcome: { kind: 'timeout' } })
    expect(await perform(limited({ first_token_timeout_s: 60, idle_timeout_s: 0.01 }))).toMatchObject({ outcome: { kind: 'silent' } })
  })

  it('wait for the first word no longer once it has come', async () => {
    const { perform } = await performer(provider((request, io) => (io.write('so'), hangs(request, io))))
    expect(await perform(limited({ first_token_timeout_s: 0.01, timeout_s: 0.05 }))).toMatchObject({ outcome: { message: 'it took longer than 0.05 s' } })
  })

  it('do not count silence before the first word', async () => {
    const { perform } = await performer(provider(hangs))
    expect(await perform(limited({ idle_timeout_s: 0.01, timeout_s: 0.05 }))).toMatchObject({ outcome: { message: 'it took longer than 0.05 s' } })
  })
})

describe('what an attempt has cost', () => {
  const charged = { usage: { input: 10, output: 2 }, cost_micro_usd: 34 }

  it('is kept when it failed, and whether it was turned away before any work', async () => {
    const failed: Answer = { result: 'failed', kind: 'rate_limited', message: 'slow down', retry_after_ms: 2_000, unspent: true }
    const { perform } = await performer(provider((request) => (request.task === 'a' ? failed : { ...failed, unspent: undefined, ...charged })))
    expect(await perform(START)).toMatchObject({ outcome: { kind: 'rate_limited', retry_after_ms: 2_000, unspent: true } })
    const report = await perform({ ...START, spec: task('b') })
    expect(report).toMatchObject({ outcome: charged })
    expect(Object.keys((report as { outcome: object }).outcome)).not.toContain('unspent')
  })

  it('is kept when it took too long, or was interrupted', async () => {
    const { perform, abandon } = await performer(provider(async (request, io) => ({ ...(await hangs(request, io)), ...charged })))
    expect(await perform({ ...START, limits: { ...START.limits, timeout_s: 0.01 } })).toMatchObject({ outcome: { kind: 'timeout', ...charged } })
    const report = perform(START)
    await abandon()
    expect(await report).toMatchObject({ outcome: { kind: 'interrupted', ...charged } })
  })
})

describe('how long a provider asks to be left alone', () => {
  const asked = async (retry_after_ms: number) => {
    const { perform } = await performer(provider(() => ({ result: 'failed', kind: 'rate_limited', message: 'slow down', retry_after_ms })))
    const report = await perform(START)
    if (report?.type !== 'attempt-ended' || !('outcome' in report) || report.outcome.result !== 'failed') throw new Error('the attempt failed')
    return report.outcome.retry_after_ms
  }

  it('is 8 days at most', async () => {
    expect(await asked(2_000)).toBe(2_000)
    for (const ms of [1e300, Number.POSITIVE_INFINITY]) expect(await asked(ms)).toBe(8 * 86_400_000)
  })

  it('is not known where it is no time at all', async () => {
    for (const ms of [Number.NaN, -1]) expect(await asked(ms)).toBeUndefined()
  })
})

describe('what a provider is given', () => {
  it('holds a model to the tokens that the core allows, whatever the task says', async () => {
    const given: AttemptRequest[] = []
    const { perform } = await performer(provider((request) => (given.push(request), ANSWER)))
    await perform({ ...START, spec: task('a', { max_tokens: 9 }), limits: { ...START.limits, max_tokens: 500 } })
    expect(given).toMatchObject([{ max_tokens: 500, work: { prompt: 'do a' } }])
    expect(given[0]?.work).not.toHaveProperty('agent')
  })

  it('tells an agent its folder, tools, turns and money, and how to learn about the run', async () => {
    const by = agent()
    const { perform, dir, folder } = await performer(by)
    const spec = task('a', { cwd: 'app', tools: ['Edit'], max_turns: 4, target_files: ['x.ts'], params: { who: 'me' }, success_criteria: ['It works'] })
    await perform({ ...START, spec, limits: { ...START.limits, max_cost_micro_usd: 70_000 } })
    expect(by.given).toMatchObject([
      {
        work: {
          prompt: 'do a\n\n**Target Files:**\n\n- x.ts',
          agent: {
            cwd: `${dir}/app`,
            tools: ['Edit'],
            max_turns: 4,
            max_cost_micro_usd: 70_000,
            env: { TUTTI_TASK: 'a', TUTTI_RUN_DIR: folder.path, TUTTI_PARAM_WHO: 'me', TUTTI_OUTPUT_DIR: `${folder.path}/outputs/a` },
            session: { resume: false, spent_micro_usd: 0 },
          },
        },
      },
    ])
  })

  it('lets an agent go on with the conversation that was interrupted', async () => {
    const by = agent()
    const { perform } = await performer(by)
    await perform(START)
    await perform({ ...START, attempt: 2, session: { attempt: 1, spent_micro_usd: 500 } })
    await perform({ ...START, attempt: 3, session: { attempt: 3, spent_micro_usd: 0 } })
    const [first, second, third] = by.given.map(({ work }) => (work.kind === 'prompt' ? work : undefined))
    expect(second).toMatchObject({
      // An agent that cannot go on needs all of it.
      prompt: 'do a',
      agent: { session: { ...first?.agent?.session, resume: true, spent_micro_usd: 500 } },
    })
    expect(third).toMatchObject({ prompt: 'do a', agent: { session: { resume: false } } })
    expect(third?.agent?.session.id).not.toBe(first?.agent?.session.id)
  })
})
