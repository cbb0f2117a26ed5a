import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { LedgerLine } from '../../src/core/ledger.ts'
import { startOpenAiServer } from '../servers/openai-server.ts'
import type { ModelServerOptions } from '../servers/model-server.ts'
import { testWorkspace, type TestWorkspace } from './workspace.ts'

/** A server whose every answer costs 1,100 micro-dollars: 100 input and 100 output tokens. */
const TOKENS = { input: 100, cached: 0, output: 100 }
const COST = 1_100
const PRICES = { 'test-model': { input_per_mtok: 1, output_per_mtok: 10 } }

async function chargingServer(options: ModelServerOptions = {}) {
  const server = await startOpenAiServer({ scenario: () => ({ kind: 'answer', text: 'All is done.', pause_ms: 20, usage: TOKENS }), ...options })
  onTestFinished(() => server.stop())
  return server
}

const config = (url: string, budget: object, more: object = {}) => ({
  project: 'money',
  providers: { paid: { type: 'openai', base_url: url, model: 'test-model' } },
  prices: PRICES,
  budget,
  cache: { mode: 'off' },
  execution: { max_concurrent: 64, retries: 2, max_tokens: 100 },
  ...more,
})

const plan = (count: number) => `tasks:\n${Array.from({ length: count }, (_, i) => `  - { id: t${i}, prompt: "Do ${i}." }\n`).join('')}`

async function ledgerOf({ dir, list }: TestWorkspace): Promise<LedgerLine[]> {
  const names = (await list('runs/ledger')).filter((name) => name.endsWith('.jsonl'))
  const texts = await Promise.all(names.map((name) => readFile(join(dir, 'runs/ledger', name), 'utf8')))
  return texts.flatMap((text) => text.split('\n').filter((line) => line !== '').map((line) => LedgerLine.parse(JSON.parse(line))))
}
const spent = (lines: readonly LedgerLine[]) => lines.reduce((sum, { micro_usd }) => sum + micro_usd, 0)

it('holds what it cannot pay for, with 200 tasks at 64 at once, and goes on when the limit is raised', async () => {
  // The first of them take long enough for all that may run at once to have begun, on a slow machine too.
  const server = await chargingServer({ scenario: ({ number }) => ({ kind: 'answer', text: 'All is done.', pause_ms: number <= 64 ? 300 : 20, usage: TOKENS }) })
  const limit = (200 * COST) / 2
  const workspace = await testWorkspace(config(server.url, { daily_usd: limit / 1e6 }))
  await workspace.write('plan.yaml', plan(200))
  const first = await workspace.tutti(['run', 'plan.yaml'])
  expect(first.code).toBe(3)
  const early = await workspace.run()
  const { complete = 0, held = 0 } = early.manifest.counts
  expect(server.mostAtOnce()).toBeGreaterThan(32)
  expect([complete + held, server.requests.length]).toEqual([200, complete])
  expect(complete).toBeGreaterThan(60)
  expect(spent(await ledgerOf(workspace))).toBe(complete * COST)
  expect(complete * COST).toBeLessThanOrEqual(limit)
  expect(first.stdout).toMatch(/waits for money: the day's limit of \$0\.11 would be passed: .* \(budget\.daily_usd\)/)
  expect(first.stdout).toContain('(once config.json allows it, or another day has begun)')

  await workspace.write('config.json', JSON.stringify(config(server.url, { daily_usd: 1 })))
  expect((await workspace.tutti(['resume'])).code).toBe(0)
  const late = await workspace.run()
  expect(late.manifest.counts).toEqual({ complete: 200 })
  // Nothing ran twice.
  expect(server.requests).toHaveLength(200)
  expect(new Set(server.requests.map(({ prompt }) => prompt)).size).toBe(200)
  expect(spent(await ledgerOf(workspace))).toBe(200 * COST)
  expect(late.manifest.cost_micro_usd).toBe(200 * COST)
})

it('counts what a killed conductor had under way at what was set aside, and never spends it again', async () => {
  const server = await chargingServer({ scenario: ({ number }) => (number <= 5 ? { kind: 'silent' } : { kind: 'answer', text: 'Done.', usage: TOKENS }) })
  // Enough to set aside five times what a task may cost (100 output tokens, and its prompt), and not six times.
  const workspace = await testWorkspace(config(server.url, { per_project_usd: 0.0069 }))
  await workspace.write('plan.yaml', plan(8))
  const running = workspace.start(['run', 'plan.yaml'])
  await server.received(5)
  running.kill('SIGKILL')
  await running

  // Another run of the same workspace finds the money gone.
  await workspace.write('other.yaml', 'tasks:\n  - { id: other, prompt: Hello }\n')
  expect((await workspace.tutti(['run', 'other.yaml'])).code).toBe(3)
  expect(server.requests).toHaveLength(5)
  const lines = await ledgerOf(workspace)
  expect(lines.map((line) => line.type === 'settled' && line.estimated)).toEqual(Array(5).fill(true))
  expect(spent(lines)).toBeGreaterThan(5 * 1_200)

  // A person knows that the first had not been charged, which makes room for one.
  const [killed = ''] = (await workspace.list('runs')).filter((name) => name.startsWith('2'))
  const corrected = await workspace.tutti(['budget', 'reconcile', killed, 't0', '--cost', '0', '--reason', 'not on the bill'])
  expect(corrected).toMatchObject({ code: 0, stderr: '' })
  const resumed = await workspace.tutti(['resume', killed])
  expect(resumed.code).toBe(3)
  expect(server.requests).toHaveLength(6)
})

it('holds a task whose price is not known, naming the model and the keys; a stated assumption lets it run', async () => {
  const server = await chargingServer()
  const unknown = { ...config(server.url, {}), prices: {} }
  const workspace = await testWorkspace(unknown)
  await workspace.write('plan.yaml', plan(1))
  const { code, stdout } = await workspace.tutti(['run', 'plan.yaml'])
  expect(code).toBe(3)
  expect(stdout).toContain('the price of test-model on paid is not known: set "prices.test-model" or "providers.paid.free" in config.json')
  expect(server.requests).toEqual([])

  const assumed_price = { input_per_mtok: 10, output_per_mtok: 100 }
  await workspace.write('config.json', JSON.stringify({ ...unknown, budget: { unknown_price: 'allow', assumed_price } }))
  expect((await workspace.tutti(['resume'])).code).toBe(0)
  expect((await workspace.run()).manifest).toMatchObject({ cost_micro_usd: 11_000, tasks: [{ estimated: true }] })
})

it.each([
  ['downgrade', 0, { complete: 3 }],
  ['stop', 3, { complete: 1, ready: 2 }],
] as const)('at a limit, the policy "%s" is followed', async (on_limit, code, counts) => {
  const server = await chargingServer()
  const providers = { paid: { type: 'openai', base_url: server.url, model: 'test-model' }, own: { type: 'openai', base_url: server.url, model: 'small', free: true } }
  const tiers = { local: [{ provider: 'own' }], complex: [{ provider: 'paid' }] }
  const budget = { per_run_usd: 0.002, on_limit }
  const workspace = await testWorkspace(config(server.url, budget, { providers, tiers, routing: { default_tier: 'complex' }, execution: { max_concurrent: 1, max_tokens: 100 } }))
  await workspace.write('plan.yaml', plan(3))
  const ended = await workspace.tutti(['run', 'plan.yaml'])
  expect(ended.code).toBe(code)
  expect(ended.stdout.includes('t1: not started: a limit of the budget was reached (budget.on_limit: stop)')).toBe(on_limit === 'stop')
  const { manifest } = await workspace.run()
  expect(manifest.counts).toEqual(counts)
  expect(manifest.cost_micro_usd).toBe(COST)
})

it('warns once when most of a limit is spent', async () => {
  const server = await chargingServer()
  const workspace = await testWorkspace(config(server.url, { per_run_usd: 0.01, warn_at_pct: 50 }, { execution: { max_concurrent: 1, max_tokens: 100 } }))
  await workspace.write('plan.yaml', plan(7))
  const { stdout } = await workspace.tutti(['run', 'plan.yaml'])
  expect(stdout.match(/of the run's limit of/g)).toHaveLength(1)
  expect(stdout).toContain("$0.0055 of the run's limit of $0.01 are spent")
})

it('uses answers of earlier runs when the budget is used up: they cost nothing', async () => {
  const server = await chargingServer()
  const workspace = await testWorkspace(config(server.url, { per_project_usd: 0.005 }, { cache: { mode: 'read' } }))
  await workspace.write('plan.yaml', plan(2))
  expect((await workspace.tutti(['run', 'plan.yaml'])).code).toBe(0)
  await workspace.write('config.json', JSON.stringify(config(server.url, { per_project_usd: 0.0001 }, { cache: { mode: 'read' } })))
  await workspace.write('plan.yaml', plan(3))
  const { code, stdout } = await workspace.tutti(['run', 'plan.yaml'])
  expect(code).toBe(3)
  expect(stdout).toContain('2 complete, 1 held (2 from the cache)')
  expect(server.requests).toHaveLength(2)
  expect((await workspace.run()).manifest).toMatchObject({ cost_micro_usd: 0, tasks: [{ cached: true }, { cached: true }, { status: 'held' }] })
})

it('an interruption costs a task what was set aside, and never its life', async () => {
  const server = await chargingServer({ scenario: ({ number }) => (number === 1 ? { kind: 'silent' } : { kind: 'answer', text: 'Done.', usage: TOKENS }) })
  const workspace = await testWorkspace(config(server.url, { per_task_usd: 0.002 }))
  await workspace.write('plan.yaml', plan(1))
  const running = workspace.start(['run', 'plan.yaml'])
  await server.received(1)
  running.kill('SIGINT')
  expect((await running).exitCode).toBe(130)
  const { id } = await workspace.run()
  const again = await workspace.tutti(['resume'])
  expect(again.code).toBe(3)
  expect(again.stdout).toContain('"tutti budget reconcile" corrects it')
  expect(await workspace.tutti(['budget', 'reconcile', id, 't0', '--attempt', '1', '--cost', '0', '--reason', 'not on the bill'])).toMatchObject({ code: 0 })
  expect((await workspace.tutti(['resume'])).code).toBe(0)
  expect(server.requests).toHaveLength(2)
})

it('a run that was begun on one provider goes on there when it is taken up', async () => {
  const server = await chargingServer({ scenario: ({ number }) => (number === 1 ? { kind: 'silent' } : undefined) })
  const providers = { paid: { type: 'openai', base_url: server.url, model: 'test-model' }, own: { type: 'openai', base_url: server.url, model: 'small', free: true } }
  const workspace = await testWorkspace({ ...config(server.url, {}), providers })
  await workspace.write('plan.yaml', plan(2))
  const running = workspace.start(['run', 'plan.yaml', '--provider', 'own', '--concurrency', '1'])
  await server.received(1)
  running.kill('SIGINT')
  await running
  expect((await workspace.tutti(['resume'])).code).toBe(0)
  expect(server.requests.map(({ model }) => model)).toEqual(['small', 'small', 'small'])
})

it('a dropped file that another run has taken is not run again with the run that was left', async () => {
  const server = await chargingServer()
  const workspace = await testWorkspace(config(server.url, { per_run_usd: 0.0013, on_limit: 'stop' }, { execution: { max_concurrent: 1, max_tokens: 100 } }))
  await workspace.write('tasks/a.md', 'Do a.\n')
  await workspace.write('tasks/b.md', 'Do b.\n')
  expect((await workspace.tutti(['run', 'tasks'])).code).toBe(3)
  const { id } = await workspace.run()
  expect((await workspace.tutti(['run', 'tasks/b.md'])).code).toBe(0)
  expect((await workspace.tutti(['resume', id])).stdout).toContain('tasks/b.md is no longer there: it was deleted, or another run has taken it')
  expect(server.requests.map(({ prompt }) => prompt)).toEqual(['Do a.', 'Do b.'])
})

it('corrections that come at the same time are all made on what the others have left', async () => {
  const server = await chargingServer()
  const workspace = await testWorkspace(config(server.url, {}))
  await workspace.write('plan.yaml', plan(1))
  await workspace.tutti(['run', 'plan.yaml'])
  const correct = (reason: string) => workspace.tutti(['budget', 'reconcile', 'last', 't0', '--cost', '0', '--reason', reason])
  const codes = (await Promise.all(['one', 'two', 'three'].map(correct))).map(({ code }) => code)
  expect(codes.filter((code) => code === 0)).toHaveLength(1)
  expect(spent(await ledgerOf(workspace))).toBe(0)
})

it('a watch goes on with another run when one has used up what a run may cost', async () => {
  const server = await chargingServer()
  const workspace = await testWorkspace(config(server.url, { per_run_usd: 0.0025 }, { execution: { max_concurrent: 1, max_tokens: 100 } }))
  for (const name of ['a', 'b', 'c', 'd', 'e']) await workspace.write(`tasks/${name}.md`, `Do ${name}.\n`)
  const running = workspace.start(['watch'])
  await expect.poll(() => workspace.list('tasks/completed'), { timeout: 15_000 }).toHaveLength(5)
  running.kill('SIGINT')
  await running
  expect(server.requests.map(({ prompt }) => prompt).sort()).toEqual(['Do a.', 'Do b.', 'Do c.', 'Do d.', 'Do e.'])
  const lines = await ledgerOf(workspace)
  for (const run of new Set(lines.map((line) => line.run))) expect(spent(lines.filter((line) => line.run === run))).toBeLessThanOrEqual(2_500)
})

it('a file that was edited while nobody looked is run once, as it is now', async () => {
  const server = await chargingServer()
  const workspace = await testWorkspace(config(server.url, { daily_usd: 0 }))
  await workspace.write('tasks/a.md', 'The old words.\n')
  expect((await workspace.tutti(['run', 'tasks'])).code).toBe(3)
  await workspace.write('tasks/a.md', 'The new words.\n')
  await workspace.write('config.json', JSON.stringify(config(server.url, {})))
  expect((await workspace.tutti(['resume'])).code).toBe(0)
  expect(server.requests.map(({ prompt }) => prompt)).toEqual(['The new words.'])
  expect(await workspace.list('tasks/completed')).toEqual(['a.md'])
})

it('a file that a run has begun and could not end is not begun anew by a watch, and it is said how to go on', async () => {
  const server = await chargingServer()
  const limited = config(server.url, { per_run_usd: 0.0025 }, { execution: { max_concurrent: 1, max_tokens: 100 } })
  const workspace = await testWorkspace(limited)
  await workspace.write('tasks/four.yaml', plan(4))
  const watchUntil = async (words: string) => {
    const running = workspace.start(['watch'])
    let said = ''
    for (const stream of [running.stdout_stream, running.stderr_stream]) stream.on('data', (text: Buffer) => (said += text.toString()))
    await expect.poll(() => said, { timeout: 15_000 }).toContain(words)
    running.kill('SIGINT')
    await running
    return said
  }
  await watchUntil('tasks/four.yaml: is left in run')
  await watchUntil('tasks/four.yaml: is left in run')
  expect(server.requests).toHaveLength(2)
  const runs = (await workspace.list('runs')).filter((name) => name.startsWith('2'))
  expect(runs).toHaveLength(1)
  await workspace.write('config.json', JSON.stringify({ ...limited, budget: {} }))
  expect((await workspace.tutti(['resume'])).code).toBe(0)
  expect(server.requests).toHaveLength(4)
  expect(await workspace.list('tasks/completed')).toEqual(['four.yaml'])
})
