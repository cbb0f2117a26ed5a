import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { LedgerLine } from '../../src/core/ledger.ts'
import type { CostReport } from '../../src/core/views/cost.ts'
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

  it('shows what each tier has cost, what a success costs, and what starting cheap has saved', async () => {
    const workspace = await afterARun()
    const { stdout } = await workspace.tutti(['cost', '--by', 'tier', '--since', '2d'])
    expect(stdout).toMatch(/^best +\$0\.02 +1 .*\nlocal +\$0\.001 +1 .*\ntotal +\$0\.021 +2 /m)
    expect(stdout).toContain('$0.021 for each verified success: $0.021 in all, 1 task complete and checked')
    expect(stdout).toContain('saved about $0.019 by starting cheap, an estimate')
    expect(await report(workspace, '--by', 'task')).toMatchObject({ total: { spent_micro_usd: 21_000 }, verified: { tasks: 1 } })
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
    expect(stdout).toMatch(/^day +\d{4}-\d\d-\d\d +\[##########-{10}\] +\$0\.021 spent +\$0\.021 free of \$0\.042$/m)
    expect(stdout).toMatch(/^month +\d{4}-\d\d +\$0\.021 spent +no limit$/m)
    expect(stdout).toMatch(/the day turns at \d{4}-\d\d-\d\dT18:30:00\.000Z \(midnight in Asia\/Kolkata\)/)
    expect(stdout).toContain('limits are set in config.json under "budget": monthly_usd, daily_usd')
  })

  it('lets a person correct what an attempt was settled at, with a reason, once it is settled', async () => {
    const workspace = await afterARun()
    const correct = (...args: string[]) => workspace.tutti(['budget', 'reconcile', 'last', ...args])
    expect(await correct('nobody', '--cost', '1', '--reason', 'x')).toMatchObject({ code: 2, stdout: '' })
    expect(await correct('two', '--cost', '-1', '--reason', 'x')).toMatchObject({ code: 2, stdout: '' })
    expect((await correct('two', '--cost', '0.015')).stderr).toContain("'--reason <text>' not specified")
    const { code, stdout } = await correct('two', '--cost', '0.015', '--reason', 'the bill says so')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^attempt 1 of "two" in run \S+: \$0\.015 instead of \$0\.02$/)
    expect((await ledger(workspace)).at(-1)).toMatchObject({ type: 'corrected', task: 'two', micro_usd: -5_000, reason: 'the bill says so' })
    expect((await report(workspace)).total).toMatchObject({ spent_micro_usd: 16_000, corrected_micro_usd: -5_000 })
    expect(await workspace.tutti(['cost', '--check'])).toMatchObject({ code: 0 })
  })
})
