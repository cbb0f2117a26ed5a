import { rm, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { budgetNow } from '../../src/app/budget.ts'
import { checkLedger } from '../../src/app/check-ledger.ts'
import { costReport } from '../../src/app/cost.ts'
import { takeLock } from '../../src/store/lock.ts'
import { reconcile } from '../../src/app/reconcile.ts'
import type { Workspace } from '../../src/app/workspace.ts'
import type { LedgerLine } from '../../src/core/ledger.ts'
import type { RoutePrice } from '../../src/core/price.ts'
import type { RunState } from '../../src/core/state.ts'
import { ledgerLines } from '../../src/core/views/ledger-line.ts'
import { openLedger } from '../../src/store/ledger.ts'
import { openAccount } from '../../src/store/open-accounts.ts'
import { createRunFolder, runFolder } from '../../src/store/run-folder.ts'
import { ANSWERED, conductor } from '../core/conductor.ts'
import { plan, task } from '../core/specs.ts'
import { ledgerOf, workspaceWith } from './workspace.ts'

const RUN = '20261120-120000-0000'
const AT = '2026-11-20T12:00:00.000Z'
/** Every attempt costs 7 micro-dollars. */
const PRICES: RoutePrice[] = [{ provider: 'rehearsal', price: { kind: 'fixed', micro_usd: 7 } }]
const CHECK = { rule: 'contains', value: 'x' }

/** A run on disk with one task that is verified, one that is complete and one that is under way. */
async function leave({ runs }: Workspace, id = RUN): Promise<RunState> {
  const run = conductor({ max_concurrent: 3 }, PRICES)
  run.add(plan(task('checked', { checks: [CHECK] }), task('plain'), task('open')))
  run.next()
  run.end('checked', { ...ANSWERED, usage: { input: 100, output: 10 } })
  run.next()
  run.send({ type: 'checks-ended', task: 'checked', attempt: 1, rows: [{ rule: 'contains', expected: 'x', found: 'x', passed: true }] })
  run.end('plain')
  const folder = await createRunFolder(runs, id)
  await writeFile(folder.events, run.log.map((event) => `${JSON.stringify(event.type === 'run.opened' ? { ...event, run: id } : event)}\n`).join(''))
  return { ...run.state, run: id }
}

const about = { v: 1, at: AT, project: 'p', run: RUN, task: 'a', attempt: 1, provider: 'x' } as const
const line = (day: string, micro_usd: number, more: object = {}): LedgerLine => ({ ...about, type: 'settled', day, micro_usd, estimated: false, result: 'answered', ...more })

describe('what was spent', () => {
  it('tells by the manifests which tasks are verified, and what those of deleted runs have cost', async () => {
    const workspace = await workspaceWith()
    const gone = await leave(workspace, '20261118-120000-0000')
    await openLedger(workspace.runs).append([...ledgerLines(gone), ...ledgerLines(await leave(workspace))])
    await rm(runFolder(workspace.runs, gone.run).path, { recursive: true })
    const report = await costReport(workspace, 'task', undefined, AT)
    expect(report.total).toMatchObject({ spent_micro_usd: 28, attempts: 4 })
    expect(report).toMatchObject({ verified: { tasks: 1, spent_micro_usd: 14, per_task_micro_usd: 14 }, tasks_unknown: 2 })
  })

  it('is held against the price of the last tier, where that is known', async () => {
    const rates = { input_per_mtok: 3, output_per_mtok: 15 }
    const tiers = { cheap: [{ provider: 'rehearsal' }], best: [{ provider: 'server', model: 'm' }] }
    const providers = { server: { type: 'openai', base_url: 'http://127.0.0.1:9/v1' } }
    const known = await workspaceWith({ providers, tiers, prices: { m: rates } })
    await openLedger(known.runs).append(ledgerLines(await leave(known)))
    expect((await costReport(known, 'day', undefined, AT)).top_tier).toEqual({ tier: 'best', tasks: 1, spent_micro_usd: 7, would_be_micro_usd: 450, saved_micro_usd: 443 })
    const unknown = await workspaceWith({ providers, tiers })
    await openLedger(unknown.runs).append(ledgerLines(await leave(unknown)))
    expect(await costReport(unknown, 'day', undefined, AT)).not.toHaveProperty('top_tier')
  })

  it('can be told since a day, or for the last days, as the time zone of the budget counts them', async () => {
    const workspace = await workspaceWith({ budget: { time_zone: 'Asia/Tokyo' } })
    await openLedger(workspace.runs).append([line('2026-10-31', 1), line('2026-11-15', 10, { task: 'b' }), line('2026-11-21', 100, { task: 'c' })])
    const spent = async (since: Parameters<typeof costReport>[2]) => (await costReport(workspace, 'day', since, '2026-11-20T20:00:00.000Z')).total.spent_micro_usd
    expect(await spent({ days: 1 })).toBe(100)
    expect(await spent({ days: 7 })).toBe(110)
    expect(await spent({ days: 6 })).toBe(100)
    expect(await spent({ day: '2026-10-31' })).toBe(111)
    expect(await spent({ day: '2026-11-01' })).toBe(110)
  })
})

describe('the ledger held against the manifests', () => {
  it('is the same, also when a person has corrected something', async () => {
    const workspace = await workspaceWith()
    await openLedger(workspace.runs).append(ledgerLines(await leave(workspace)))
    await reconcile(workspace, { run: RUN, task: 'plain', attempt: undefined, micro_usd: 1, reason: 'bill', by: 'ada' }, AT)
    expect(await checkLedger(workspace)).toMatchObject({ equal: 1, differences: [], damaged: [], corrected_micro_usd: -6 })
  })

  it('differs where a line is missing, or too much', async () => {
    const workspace = await workspaceWith()
    await openLedger(workspace.runs).append(ledgerLines(await leave(workspace)).slice(1))
    expect((await checkLedger(workspace)).differences).toEqual([{ run: RUN, ledger_micro_usd: 7, manifest_micro_usd: 14 }])
  })

  it('names runs that cannot be read, and adds up those that were deleted', async () => {
    const workspace = await workspaceWith()
    await leave(workspace)
    await writeFile(runFolder(workspace.runs, RUN).events, 'no event\n{}\n')
    await openLedger(workspace.runs).append([line('2026-11-20', 5, { run: 'gone' })])
    expect(await checkLedger(workspace)).toMatchObject({ equal: 0, damaged: [{ run: RUN }], deleted: { runs: 1, ledger_micro_usd: 5 } })
  })

  it('leaves out a run that is under way, and only while somebody conducts it', async () => {
    const workspace = await workspaceWith()
    await leave(workspace)
    await openAccount(workspace.runs, RUN)
    const lock = await takeLock(workspace.runs)
    expect(await checkLedger(workspace)).toMatchObject({ under_way: [RUN], differences: [] })
    if (lock.result === 'held') await lock.release()
    expect(await checkLedger(workspace)).toMatchObject({ under_way: [], differences: [{ run: RUN }] })
  })
})

describe('what is left of the limits', () => {
  it('counts what is set aside, and what was settled a moment ago and is not in the ledger yet', async () => {
    const workspace = await workspaceWith({ budget: { daily_usd: 0.00003, per_run_usd: 0.00002 } })
    const state = await leave(workspace)
    await openAccount(workspace.runs, RUN)
    await openLedger(workspace.runs).append([...ledgerLines(state).slice(0, 1), line('2026-11-20', 2, { run: 'other' }), line('2026-11-19', 1, { run: 'other', task: 'b' })])
    const { limits, today } = await budgetNow(workspace, AT)
    const common = { reserved_micro_usd: 7 }
    expect(limits).toMatchObject([
      { limit: 'month', of: '2026-11', spent_micro_usd: 17, ...common, max_micro_usd: null },
      { limit: 'day', of: '2026-11-20', spent_micro_usd: 16, ...common, max_micro_usd: 30, free_micro_usd: 7, state: 'free' },
      { limit: 'project', of: 'p', spent_micro_usd: 17, ...common },
      { limit: 'run', of: RUN, spent_micro_usd: 14, ...common, max_micro_usd: 20, free_micro_usd: 0 },
    ])
    expect(today).toEqual({ day: '2026-11-20', ends_at: '2026-11-21T00:00:00.000Z' })
  })

  it('is told of the day, the month and the project where no run is open', async () => {
    const workspace = await workspaceWith({ project: 'mine' })
    const { limits } = await budgetNow(workspace, AT)
    expect(limits.map(({ limit, of, spent_micro_usd }) => [limit, of, spent_micro_usd])).toEqual([
      ['month', '2026-11', 0],
      ['day', '2026-11-20', 0],
      ['project', 'mine', 0],
    ])
  })

  it('names a run that cannot be read', async () => {
    const workspace = await workspaceWith()
    await leave(workspace)
    await openAccount(workspace.runs, RUN)
    await writeFile(runFolder(workspace.runs, RUN).events, 'no event\n{}\n')
    const { problems } = await budgetNow(workspace, AT)
    expect(problems).toMatchObject([{ file: runFolder(workspace.runs, RUN).events }])
  })
})

describe('a correction', () => {
  const known = { run: RUN, task: 'a', attempt: undefined, reason: 'the bill', by: 'ada' }

  it('is a line of its own, for the day of what it corrects', async () => {
    const workspace = await workspaceWith()
    const settled = line('2026-11-19', 100, { model: 'm', tier: 't', estimated: true })
    await openLedger(workspace.runs).append([settled])
    expect(await reconcile(workspace, { ...known, run: '-0000', micro_usd: 40 }, AT)).toMatchObject({ old_micro_usd: 100 })
    expect(await ledgerOf(workspace)).toEqual([
      settled,
      { ...about, type: 'corrected', day: '2026-11-19', model: 'm', tier: 't', micro_usd: -60, reason: 'the bill', by: 'ada' },
    ])
  })

  it('of a correction starts from what that one said', async () => {
    const workspace = await workspaceWith()
    await openLedger(workspace.runs).append([line('2026-11-20', 100)])
    await reconcile(workspace, { ...known, micro_usd: 40 }, AT)
    expect(await reconcile(workspace, { ...known, micro_usd: 45 }, AT)).toMatchObject({ old_micro_usd: 40, line: { micro_usd: 5 } })
    expect(await reconcile(workspace, { ...known, micro_usd: 45 }, AT)).toMatchObject({ problem: expect.stringContaining('nothing was changed') as string })
  })

  it('can name the last run that the task was in', async () => {
    const workspace = await workspaceWith()
    await openLedger(workspace.runs).append([line('2026-11-21', 5, { run: '20261121-120000-0000' }), line('2026-11-20', 1)])
    expect(await reconcile(workspace, { ...known, run: 'last', micro_usd: 9 }, AT)).toMatchObject({ old_micro_usd: 5, line: { run: '20261121-120000-0000' } })
  })

  it.each([
    [{ task: 'nobody' }, 'the ledger has no attempt of "nobody"'],
    [{ run: '2025' }, 'the ledger has no attempt of "a" in a run "2025"'],
    [{ run: '2026' }, `could be ${RUN} or 20261121-120000-0000`],
    [{ task: 'twice' }, 'has the attempts 1, 2; name one with --attempt'],
    [{ task: 'twice', attempt: 3 }, 'no attempt 3 of "twice"; it has: 1, 2'],
  ])('is refused of what the ledger does not have, or of what could be several: %j', async (wrong, problem) => {
    const workspace = await workspaceWith()
    const lines = [line('2026-11-20', 1), line('2026-11-21', 1, { run: '20261121-120000-0000' }), line('2026-11-20', 1, { task: 'twice' })]
    await openLedger(workspace.runs).append([...lines, line('2026-11-20', 1, { task: 'twice', attempt: 2 })])
    expect(await reconcile(workspace, { ...known, micro_usd: 9, ...wrong }, AT)).toMatchObject({ problem: expect.stringContaining(problem) as string })
    expect(await ledgerOf(workspace)).toHaveLength(4)
  })
})
