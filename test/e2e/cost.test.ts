import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { LedgerLine } from '../../src/core/ledger.ts'
import type { CostReport } from '../../src/core/views/cost.ts'
import { startOpenAiServer } from '../servers/openai-server.ts'
import { testWorkspace, type TestWorkspace } from './workspace.ts'

const CONFIG = {
  providers: {
    cheap: { type: 'rehearsal', price_usd: 0.001, latency_ms: 10 },
    dear: { type: 'rehearsal', price_usd: 0.02, latency_ms: 10 },
    slow: { type: 'rehearsal', price_usd: 0.5, latency_ms: 60_000 },
  },
  tiers: { local: [{ provider: 'cheap' }], best: [{ provider: 'dear' }] },
}

const PLAN = `tasks:
  - id: one
    prompt: write one
    checks: [{min_length: 3}]
  - id: two
    prompt: write two
    tier: best
  - id: three
    command: "true"
`

async function ledger({ dir, read }: TestWorkspace): Promise<LedgerLine[]> {
  const files = (await readdir(join(dir, 'runs/ledger'))).filter((name) => name.endsWith('.jsonl'))
  const texts = await Promise.all(files.map((name) => read(`runs/ledger/${name}`)))
  return texts.flatMap((text) => text.trimEnd().split('\n').map((line) => JSON.parse(line) as LedgerLine))
}

async function report(workspace: TestWorkspace, ...args: string[]): Promise<CostReport> {
  return JSON.parse((await workspace.tutti(['cost', '--json', ...args])).stdout) as CostReport
}

async function afterARun() {
  const workspace = await testWorkspace(CONFIG)
  await workspace.write('plan.yaml', PLAN)
  expect((await workspace.tutti(['run', 'plan.yaml'])).code).toBe(0)
  return workspace
}

describe('tutti cost', () => {
  it('says that nothing was spent where nothing was', async () => {
    const { code, stdout } = await (await testWorkspace()).tutti(['cost'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'nothing was spent' })
  })

  it('shows what each tier has cost, and what starting cheap has saved; a rehearsal is no success', async () => {
    const workspace = await afterARun()
    const { stdout } = await workspace.tutti(['cost', '--by', 'tier', '--since', '2d'])
    expect(stdout.split('\n').slice(0, 5)).toEqual(['tier    spent  attempts', 'best   $0.020         1', 'local  $0.001         1', 'total  $0.021         2', ''])
    expect(stdout).toContain('no task is verified yet: complete, with all of its checks passed, by a model and not in a rehearsal')
    expect(stdout).toContain('saved about $0.019 by starting cheap, an estimate')
    expect(await report(workspace, '--by', 'task')).toMatchObject({ total: { spent_micro_usd: 21_000 } })
    const { id } = await workspace.run()
    expect((await workspace.tutti(['cost', '--by', 'task'])).stdout).toMatch(new RegExp(`^${id.slice(-4)} two +\\$0\\.020 +1$`, 'm'))
  })

  it('shows what a success costs: all that was spent on tasks with checks, for each that passed them', async () => {
    const server = await startOpenAiServer({ scenario: ({ prompt }) => ({ kind: 'answer', text: prompt.includes('bad') ? 'No.' : 'Yes.', usage: { input: 100, cached: 40, output: 100 } }) })
    onTestFinished(() => server.stop())
    const workspace = await testWorkspace({
      providers: { paid: { type: 'openai', base_url: server.url, model: 'm' }, cli: { type: 'codex', program: './no-such-codex', max_cost_usd: 1 } },
      tiers: { local: [{ provider: 'paid' }], best: [{ provider: 'cli' }] },
      routing: { max_tier: 'local' },
      prices: { m: { input_per_mtok: 1, output_per_mtok: 10 } },
      execution: { retries: 0 },
    })
    const checks = 'checks: [{ contains: "Yes" }]'
    await workspace.write('plan.yaml', `tasks:\n  - { id: good, prompt: good, ${checks} }\n  - { id: bad, prompt: bad, ${checks} }\n  - { id: plain, prompt: plain }\n`)
    expect((await workspace.tutti(['run', 'plan.yaml'])).code).toBe(1)
    const first = (await workspace.tutti(['cost'])).stdout
    expect(first).toContain('$0.0022 for each verified success: $0.0022 spent on tasks with checks, 1 task complete with all of them passed')
    expect(first).toContain('what starting cheap has saved cannot be told: the tier best has no price by tokens')
    expect(first).toMatch(/^total +\$0\.0033 +3 +300 +120 +300$/m)
    // What comes from the cache is no attempt, and a second success that cost nothing.
    await workspace.tutti(['run', 'plan.yaml'])
    expect((await report(workspace)).total).toMatchObject({ attempts: 4, spent_micro_usd: 4_400 })
    expect((await report(workspace)).verified).toEqual({ tasks: 2, spent_micro_usd: 3_300, per_task_micro_usd: 1_650 })
  })

  it('proves that the ledger and the manifests say the same, and finds a line that is missing', async () => {
    const workspace = await afterARun()
    expect(await workspace.tutti(['cost', '--check'])).toMatchObject({ code: 0, stdout: '1 run: the ledger and the manifest say the same' })
    const [file = ''] = (await workspace.list('runs/ledger')).filter((name) => name.endsWith('.jsonl'))
    const path = `runs/ledger/${file}`
    await workspace.write(path, (await workspace.read(path)).replace(/^.*"two".*\n/m, ''))
    const { code, stderr } = await workspace.tutti(['cost', '--check'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/run \d{8}-\S+: \$0\.001 in the ledger, \$0\.021 in its manifest/)
  })

  it('counts what a killed conductor had under way, at what was set aside for it', async () => {
    const workspace = await testWorkspace(CONFIG)
    await workspace.write('slow.yaml', 'tasks:\n  - id: slow\n    prompt: think\n    provider: slow\n')
    const running = workspace.start(['run', 'slow.yaml'])
    await expect.poll(() => workspace.run().then(({ events }) => events.some(({ type }) => type === 'attempt.started'), () => false), { timeout: 10_000 }).toBe(true)
    const during = JSON.parse((await workspace.tutti(['budget', '--json'])).stdout) as { limits: object[] }
    expect(during.limits).toContainEqual(expect.objectContaining({ limit: 'day', spent_micro_usd: 0, reserved_micro_usd: 500_000 }))
    running.kill('SIGKILL')
    await running
    await workspace.write('plan.yaml', PLAN)
    expect((await workspace.tutti(['run', 'plan.yaml'])).code).toBe(0)
    expect(await ledger(workspace)).toContainEqual(expect.objectContaining({ task: 'slow', micro_usd: 500_000, estimated: true }))
    expect((await report(workspace)).total).toMatchObject({ spent_micro_usd: 521_000, estimated_micro_usd: 500_000 })
    expect(await workspace.tutti(['cost', '--check'])).toMatchObject({ code: 0, stdout: '2 runs: the ledger and the manifest say the same' })
    expect(await workspace.list('runs/ledger/open')).toEqual([])
  })
})

describe('tutti budget', () => {
  it('shows what is left of each limit, and where they are set', async () => {
    const workspace = await testWorkspace({ ...CONFIG, budget: { daily_usd: 0.042, time_zone: 'Asia/Kolkata' } })
    await workspace.write('plan.yaml', PLAN)
    await workspace.tutti(['run', 'plan.yaml'])
    const { code, stdout } = await workspace.tutti(['budget'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^limit +of +used +spent +free +at most$/m)
    expect(stdout).toMatch(/^day +\d{4}-\d\d-\d\d +\[#####-----\] +\$0\.021 +\$0\.021 +\$0\.042$/m)
    expect(stdout).toMatch(/^month +\d{4}-\d\d +\$0\.021 +no limit$/m)
    expect(stdout).toMatch(/the day turns at \d{4}-\d\d-\d\d 18:30:00 UTC \(midnight in Asia\/Kolkata\)/)
    expect(stdout).toContain('limits are set in config.json under "budget": monthly_usd, daily_usd')
  })

  it('lets a person correct what an attempt was settled at, with a reason, once it is settled', async () => {
    const workspace = await afterARun()
    const correct = (...args: string[]) => workspace.tutti(['budget', 'reconcile', 'last', ...args])
    expect(await correct('nobody', '--cost', '1', '--reason', 'x')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/run \d{8}-\S+ has no task "nobody"; it has: one, two, three/) })
    expect(await correct('two', '--cost', '-1', '--reason', 'x')).toMatchObject({ code: 2, stdout: '' })
    expect((await correct('two', '--cost', '0.015')).stderr).toContain("'--reason <text>' not specified")
    const { code, stdout, stderr } = await correct('two', '--cost', '0.015', '--reason', 'the bill says so')
    expect(code).toBe(0)
    expect(stderr).toContain('warning: $0.02 was no estimate')
    expect(stdout).toMatch(/^attempt 1 of "two" in run \S+: \$0\.015 instead of \$0\.02$/)
    expect((await ledger(workspace)).at(-1)).toMatchObject({ type: 'corrected', task: 'two', micro_usd: -5_000, reason: 'the bill says so' })
    expect((await report(workspace)).total).toMatchObject({ spent_micro_usd: 16_000, corrected_micro_usd: -5_000 })
    expect(await workspace.tutti(['cost', '--check'])).toMatchObject({ code: 0 })
  })
})
