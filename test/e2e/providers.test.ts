import { describe, expect, it, onTestFinished } from 'vitest'
import type { Event } from '../../src/core/events.ts'
import { startOpenAiServer } from '../servers/openai-server.ts'
import type { ModelServerOptions } from '../servers/model-server.ts'
import { testWorkspace } from './workspace.ts'

async function startServer(options: ModelServerOptions = {}) {
  const server = await startOpenAiServer(options)
  onTestFinished(() => server.stop())
  return server
}

const free = (url: string) => ({ type: 'openai', base_url: url, model: 'test-model', free: true })
const plan = (count: number, more = '') => `tasks:\n${Array.from({ length: count }, (_, i) => `  - { id: t${i}, prompt: "Do ${i}."${more} }\n`).join('')}`
const told = (events: Event[], prefix: string) => events.filter(({ type }) => type.startsWith(prefix)).map(({ type }) => type)

describe('a plan on servers that fail completes, and its events tell the story', () => {
  it('when one asks to be left alone for two seconds, everything else goes on meanwhile', async () => {
    const busy = await startServer({ scenario: ({ number }) => (number === 1 ? { kind: 'refused', status: 429, headers: { 'retry-after': '2' } } : undefined) })
    const other = await startServer()
    const workspace = await testWorkspace({ providers: { busy: free(busy.url), other: free(other.url) }, execution: { max_concurrent: 1, retries: 0 } })
    await workspace.write('plan.yaml', `tasks:\n  - { id: a, prompt: A, provider: busy, priority: high }\n  - { id: b, prompt: B, provider: busy }\n  - { id: c, prompt: C, provider: other }\n`)
    const { code, stdout } = await workspace.tutti(['run', 'plan.yaml'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/⏸ busy +is left alone for 2\.0 s.*asks to slow down \(429\)/)
    expect(stdout).toMatch(/◌ busy +is used again: it was left alone for as long as it asked/)
    const { events, manifest } = await workspace.run()
    expect(told(events, 'provider.')).toEqual(['provider.waiting', 'provider.back'])
    const started = events.flatMap((event) => (event.type === 'attempt.started' ? [event.task] : []))
    expect(started).toEqual(['a', 'c', 'a', 'b'])
    const waited = Date.parse(events.findLast(({ type }) => type === 'provider.back')?.at ?? '') - Date.parse(events.find(({ type }) => type === 'provider.waiting')?.at ?? '')
    expect(waited).toBeGreaterThanOrEqual(2_000)
    expect(manifest.counts).toEqual({ complete: 3 })
  })

  it('when one dies and comes back, it is asked by one question at a time, and not by every task', async () => {
    const server = await startServer()
    await server.stop()
    const workspace = await testWorkspace({ providers: { shaky: free(server.url) }, execution: { max_concurrent: 4, retries: 3 } })
    await workspace.write('plan.yaml', plan(12))
    const running = workspace.start(['run', 'plan.yaml'])
    await expect.poll(async () => (await workspace.run().catch(() => undefined))?.events.filter(({ type }) => type === 'provider.resting').length ?? 0, { timeout: 10_000 }).toBeGreaterThan(0)
    await server.restart()
    expect((await running).exitCode).toBe(0)
    const { events, manifest } = await workspace.run()
    expect(manifest.counts).toEqual({ complete: 12 })
    expect(events.filter((event) => event.type === 'attempt.finished' && event.outcome.result === 'failed').length).toBeLessThanOrEqual(4 + 2)
    expect(told(events, 'provider.').slice(0, 4)).toEqual(['provider.resting', 'provider.due', 'provider.probing', 'provider.back'])
  })

  it('when one never answers, its tasks take the next route of the tier', async () => {
    const silent = await startServer({ scenario: () => ({ kind: 'silent' }) })
    const good = await startServer()
    const tiers = { local: [{ provider: 'silent' }, { provider: 'good' }] }
    const workspace = await testWorkspace({ providers: { silent: free(silent.url), good: free(good.url) }, tiers, execution: { max_concurrent: 2, retries: 0, first_token_timeout_s: 0.2 } })
    await workspace.write('plan.yaml', plan(6))
    const { code } = await workspace.tutti(['run', 'plan.yaml'])
    expect(code).toBe(0)
    const { events, manifest } = await workspace.run()
    expect(manifest.counts).toEqual({ complete: 6 })
    const failed = events.flatMap((event) => (event.type === 'attempt.finished' && event.outcome.result === 'failed' ? [event.outcome] : []))
    expect(failed[0]).toMatchObject({ kind: 'silent', message: 'no word of an answer came within 0.2 s (first_token_timeout_s)' })
    // After three of them it is left alone.
    expect(failed.length).toBeLessThanOrEqual(3 + 1)
    expect(told(events, 'provider.')[0]).toBe('provider.resting')
  })

  it('when the first route of a tier is down, the next one answers, and the record says why', async () => {
    const good = await startServer()
    const tiers = { local: [{ provider: 'dead' }, { provider: 'good' }] }
    const workspace = await testWorkspace({ providers: { dead: free('http://127.0.0.1:9/v1'), good: free(good.url) }, tiers, execution: { max_concurrent: 1, retries: 0 } })
    await workspace.write('plan.yaml', plan(5))
    const { code, stdout } = await workspace.tutti(['run', 'plan.yaml'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/t0 +its route is down; goes to good/)
    const { manifest, events } = await workspace.run()
    // Three attempts tell that it is down; the others do not ask.
    expect(events.filter((event) => event.type === 'attempt.started' && event.route.provider === 'dead')).toHaveLength(3)
    expect(manifest.tasks.at(-1)?.route_reason).toMatch(/^local is the default tier; dead is down, and is asked again at /)
    expect(manifest.providers).toMatchObject([{ provider: 'dead', is: 'resting' }])
  })

  it('when a small model is not good enough, the next tier is, and the record shows what each has cost', async () => {
    const small = await startServer({ answer: () => 'I think so.' })
    const large = await startServer({ scenario: () => ({ kind: 'answer', text: 'VERDICT: yes.', usage: { input: 100, cached: 0, output: 10 } }) })
    const workspace = await testWorkspace({
      providers: { small: free(small.url), large: { type: 'openai', base_url: large.url, model: 'big' } },
      tiers: { local: [{ provider: 'small' }], complex: [{ provider: 'large' }] },
      prices: { big: { input_per_mtok: 3, output_per_mtok: 15 } },
      execution: { retries: 1 },
    })
    await workspace.write('ask.md', '---\ncompletion_criteria: { contains: VERDICT }\n---\nIs it so?\n')
    const { code, stdout } = await workspace.tutti(['run', 'ask.md'])
    expect(code).toBe(0)
    expect(stdout).toContain('its answer did not do; moves up to large · big · tier complex')
    expect((await workspace.run()).manifest.tasks[0]).toMatchObject({
      cost_micro_usd: 450,
      spending: [
        { tier: 'local', provider: 'small', attempts: 2, cost_micro_usd: 0, passed: false },
        { tier: 'complex', provider: 'large', attempts: 1, cost_micro_usd: 450, passed: true },
      ],
    })
  })
})

describe('a plan that is run again', () => {
  const config = (url: string) => ({ providers: { server: free(url) } })
  const files = `tasks:
  - { id: words, command: "tr a-z A-Z < words.txt > $TUTTI_OUTPUT_DIR/up.txt; echo ran >> count.txt", inputs: [words.txt], outputs: [up.txt] }
  - { id: other, command: "cp other.txt $TUTTI_OUTPUT_DIR/copy.txt; echo ran >> count.txt", inputs: [other.txt], outputs: [copy.txt] }
  - { id: read, prompt: "Say what this is.", target_files: [words.txt] }
  - { id: sum, prompt: "Sum it up.", depends_on: [read] }
  - { id: aside, prompt: "Something else." }
`

  it('makes no call when nothing has changed, and only those that a changed file asks for', async () => {
    let count = 0
    const server = await startServer({ answer: () => `Answer ${++count}.` })
    const workspace = await testWorkspace(config(server.url))
    await workspace.write('plan.yaml', files)
    await workspace.write('words.txt', 'one two')
    await workspace.write('other.txt', 'three')
    expect((await workspace.tutti(['run', 'plan.yaml'])).code).toBe(0)
    expect(server.requests).toHaveLength(3)

    const again = await workspace.tutti(['run', 'plan.yaml'])
    expect(again.code).toBe(0)
    expect(again.stdout).toContain('(5 from the cache)')
    expect(server.requests).toHaveLength(3)
    expect((await workspace.read('count.txt')).match(/ran/g)).toHaveLength(2)
    const { path, manifest } = await workspace.run()
    expect(await workspace.read(`runs/${manifest.job_id}/outputs/words/up.txt`)).toBe('ONE TWO')
    expect(path).toContain(manifest.job_id)

    await workspace.write('words.txt', 'one two three')
    expect((await workspace.tutti(['run', 'plan.yaml'])).stdout).toContain('(2 from the cache)')
    const { manifest: third } = await workspace.run()
    expect(third.tasks.filter(({ cached }) => cached === undefined).map(({ id }) => id)).toEqual(['words', 'read', 'sum'])
    expect(await workspace.read(`runs/${third.job_id}/outputs/words/up.txt`)).toBe('ONE TWO THREE')
  })

  it('asks again with --no-cache', async () => {
    const server = await startServer()
    const workspace = await testWorkspace(config(server.url))
    await workspace.write('plan.yaml', plan(2))
    await workspace.tutti(['run', 'plan.yaml'])
    await workspace.tutti(['run', 'plan.yaml', '--no-cache'])
    expect(server.requests).toHaveLength(4)
  })
})
