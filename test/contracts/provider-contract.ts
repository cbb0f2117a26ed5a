import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FailureKind, FinishReason, Usage } from '../../src/core/outcome.ts'
import type { Question, Reply } from '../../src/core/question.ts'
import type { Answer, AskPerson, AttemptRequest, Provider } from '../../src/providers/provider.ts'
import { FAILURES, type FailureScenario } from './failures.ts'

/** What one test works with: a provider, and what stands behind it. Made anew for each test. */
export type ProviderWorld = {
  provider: Provider
  /** Resolves once nothing is held for the last attempt: its connection is closed, its processes are gone. */
  released: () => Promise<unknown>
  /** Strings that no message may ever contain. */
  secrets: readonly string[]
  stop: () => Promise<unknown>
}

type Hanging = { request: AttemptRequest; underway: (first: Promise<void>) => Promise<unknown> }
type HangScenario = 'it never answers' | 'it falls silent in mid-answer'

type Asking = { request: AttemptRequest; question: Question; reply: Reply; text: string }

type Expected = { request: AttemptRequest; text: string; finish: FinishReason; usage: Usage | undefined }

/**
 * How one provider is brought into the situations of the contract. A scenario prepares the world (what
 * the server will do next) and returns the request to run. One that is left out cannot happen to this provider.
 */
export type ProviderHarness<World extends ProviderWorld> = {
  start: () => Promise<World>
  /** Answers, by a name that completes "answers …". The text is compared whole; `usage: undefined` means unknown. */
  answers: Record<string, (world: World) => Expected | Promise<Expected>>
  /** The first text comes at once; what follows it only after `proceed()`. */
  streams?: (world: World) => { request: AttemptRequest; proceed: () => void }
  /** It asks a person this; its text is what comes of the reply. */
  asks?: (world: World) => Asking | Promise<Asking>
  fails: { [Name in FailureScenario]?: (world: World) => AttemptRequest | Promise<AttemptRequest> }
  /** `underway` resolves when the attempt hangs; it is handed a promise of the first text that came. */
  hangs: { [Name in HangScenario]?: (world: World) => Hanging | Promise<Hanging> }
}

/** What every provider promises (see provider.ts). Call it once at the top of the provider's own test file. */
export function describeProviderContract<World extends ProviderWorld>(name: string, harness: ProviderHarness<World>): void {
  describe(`${name} keeps the provider contract`, () => {
    let world: World
    beforeEach(async () => {
      world = await harness.start()
    })
    afterEach(() => world.stop())

    for (const [manner, stage] of Object.entries(harness.answers)) {
      it(`answers ${manner}`, async () => {
        const { request, text, finish, usage } = await stage(world)
        const { answer, written } = await run(world.provider, request)
        expect(answer).toMatchObject({ result: 'answered', text, finish })
        expect(answer.result === 'answered' ? answer.usage : undefined).toEqual(usage)
        expect(written).toContain(text)
      })
    }

    const { streams } = harness
    if (streams !== undefined) {
      it('hands text on as it comes, before the answer is whole', async () => {
        const { request, proceed } = streams(world)
        const pieces: string[] = []
        const answer = await world.provider.run(request, {
          signal: new AbortController().signal,
          write: (text) => {
            pieces.push(text)
            proceed()
          },
        })
        expect(answer.result).toBe('answered')
        expect(pieces.length).toBeGreaterThan(1)
      })
    }

    const { asks } = harness
    if (asks !== undefined) {
      it('asks a person what it has to know, and goes on with what it is told', async () => {
        const { request, question, reply, text } = await asks(world)
        const asked: Question[] = []
        const { answer } = await run(world.provider, request, undefined, async (each) => {
          asked.push(each)
          return reply
        })
        expect(answer).toMatchObject({ result: 'answered', text })
        expect(asked).toEqual([question])
      })

      it('lets go of everything when it is aborted while a person is asked', async () => {
        const { request } = await asks(world)
        const abort = new AbortController()
        const asked = vi.fn(() => new Promise<Reply>(() => undefined))
        const running = run(world.provider, request, abort.signal, asked)
        await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(1), { timeout: 10_000 })
        abort.abort()
        expectFailure((await running).answer, 'interrupted')
        await world.released()
      })

      it('does not take it for a failure of its own when asking breaks', async () => {
        const { request } = await asks(world)
        const broken = run(world.provider, request, undefined, () => Promise.reject(new Error('bug: no gate')))
        await expect(broken).rejects.toThrow('bug: no gate')
        await world.released()
      })
    }

    for (const [scenario, kind] of FAILURES) {
      const stage = harness.fails[scenario]
      if (stage === undefined) continue
      it(`comes back as ${kind} when ${scenario}`, async () => {
        const { answer } = await run(world.provider, await stage(world))
        expectFailure(answer, kind)
        for (const secret of world.secrets) expect(JSON.stringify(answer)).not.toContain(secret)
      })
    }

    for (const [scenario, stage] of Object.entries(harness.hangs)) {
      it(`lets go of everything when it is aborted while ${scenario}`, async () => {
        const { request, underway } = await stage(world)
        const abort = new AbortController()
        let running: Promise<Answer> | undefined
        const first = new Promise<void>((resolve) => {
          running = world.provider.run(request, { signal: abort.signal, write: () => resolve() })
        })
        await underway(first)
        abort.abort()
        if (running === undefined) throw new Error('the attempt was started')
        expectFailure(await running, 'interrupted')
        await world.released()
      })
    }

    it('does not begin when it was aborted before', async () => {
      const [stage] = Object.values(harness.answers)
      if (stage === undefined) throw new Error('a provider answers in at least one way')
      const { request } = await stage(world)
      const { answer, written } = await run(world.provider, request, AbortSignal.abort())
      expectFailure(answer, 'interrupted')
      expect(written).toBe('')
    })

    it('says in one line that it is ready', async () => {
      const health = await world.provider.health(new AbortController().signal)
      expect(health.state).toBe('ready')
      expect(health.detail).toMatch(/^[^\n]+$/)
    })
  })
}

/** Runs one attempt to its end and keeps what was streamed. */
export async function run(
  provider: Provider,
  request: AttemptRequest,
  signal: AbortSignal = new AbortController().signal,
  ask?: AskPerson,
): Promise<{ answer: Answer; written: string }> {
  let written = ''
  const answer = await provider.run(request, {
    signal,
    write: (text) => {
      written += text
    },
    ask,
  })
  return { answer, written }
}

/** A failure is told in one line of bounded length. */
function expectFailure(answer: Answer, kind: FailureKind): void {
  expect(answer).toMatchObject({ result: 'failed', kind })
  const message = answer.result === 'failed' ? answer.message : ''
  expect(message).toMatch(/^[^\n]+$/)
  expect(message.length).toBeLessThan(700)
}
