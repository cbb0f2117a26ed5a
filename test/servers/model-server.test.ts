import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createOpenAi } from '../../src/providers/openai.ts'
import { run } from '../contracts/provider-contract.ts'
import type { ModelServer } from './model-server.ts'
import { startOpenAiServer } from './openai-server.ts'
import type { Scenario } from './scenario.ts'

/** A server that slows down its second request and charges its third, told by their numbers. */
const SCRIPT: Record<number, Scenario> = {
  2: { kind: 'refused', status: 429, headers: { 'retry-after': '2' } },
  3: { kind: 'answer', text: 'Three.', usage: { input: 900, cached: 100, output: 50 } },
}

describe('a model server for tests', () => {
  let server: ModelServer
  beforeEach(async () => {
    server = await startOpenAiServer({ scenario: ({ number }) => SCRIPT[number] })
  })
  afterEach(() => server.stop())

  const ask = async () => {
    const provider = createOpenAi({ name: 'webui', base_url: server.url })
    return (await run(provider, { task: 'tune', work: { kind: 'prompt', prompt: 'Hello' }, model: 'test-model' })).answer
  }

  it('does what it is told by the number of the request: status, headers and figures', async () => {
    expect(await ask()).toMatchObject({ result: 'answered' })
    expect(await ask()).toMatchObject({ kind: 'rate_limited', retry_after_ms: 2000 })
    expect(await ask()).toMatchObject({ text: 'Three.', usage: { input: 900, cached: 100, output: 50 } })
    expect(await ask()).toMatchObject({ result: 'answered' })
    expect(server.requests.map(({ number }) => number)).toEqual([1, 2, 3, 4])
    expect(server.mostAtOnce()).toBe(1)
  })

  it('counts the requests that are open at the same time', async () => {
    server.next({ kind: 'held' }, { kind: 'held' }, { kind: 'held' })
    const asked = [ask(), ask(), ask()]
    await server.received(3)
    expect(server.mostAtOnce()).toBe(3)
    server.release()
    await Promise.all(asked)
    await ask()
    expect(server.mostAtOnce()).toBe(3)
  })
})
