import { rm, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { budgetNow } from '../../src/app/budget.ts'
import { checkLedger } from '../../src/app/check-ledger.ts'
import { costReport } from '../../src/app/cost.ts'
import { reconcile } from '../../src/app/reconcile.ts'
import type { Workspace } from '../../src/app/workspace.ts'
import type { LedgerLine } from '../../src/core/ledger.ts'
import type { RoutePrice } from '../../src/core/price.ts'
import type { RunState } from '../../src/core/state.ts'
import { ledgerLines } from '../../src/core/views/ledger-line.ts'
import { takeLock } from '../../src/store/lock.ts'
import { openLedger } from '../../src/store/ledger.ts'
import { closeAccount, openAccount } from '../../src/store/open-accounts.ts'
import { createRunFolder, runFolder } from '../../src/store/run-folder.ts'
import { ANSWERED, conductor } from '../core/conductor.ts'
import { plan, task } from '../core/specs.ts'
import { ledgerOf, workspaceWith } from './workspace.ts'

const RUN = '20261120-120000-0000'
const AT = '2026-11-20T12:00:00.000Z'
/** Every attempt costs 7 micro-dollars. */
const PRICES: RoutePrice[] = [{ provider: 'server', model: 'small', price: { kind: 'fixed', micro_usd: 7 } }]
const SETTINGS = { max_concurrent: 3, providers: { server: { type: 'openai' } }, tiers: { cheap: [{ provider: 'server', model: 'small' }] } }
const CHECK = { rule: 'contains', value: 'x' }

/** A run on disk with one task that is verified, one that is complete and one that is under way. */
async function leave({ runs }: Workspace, id = RUN): Promise<RunState> {
  const run = conductor(SETTINGS, PRICES)
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
    expect(report).toMatchObject({ verified: { tasks: 1, spent_micro_usd: 7, per_task_micro_usd: 7 }, tasks_unknown: 2 })
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
    expect(await costReport(unknown, 'day', undefined, AT)).toMatchObject({ top_tier_unpriced: 'best' })
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

  it('leaves out a run of which not all is in the ledger yet, and no other', async () => {
    const workspace = await workspaceWith()
    await leave(workspace)
    await openAccount(workspace.runs, RUN)
    expect(await checkLedger(workspace)).toMatchObject({ under_way: [RUN], differences: [] })
    await closeAccount(workspace.runs, RUN)
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
  const LATER = '20261121-120000-0001'

  it('is a line of its own, for the day of what it corrects', async () => {
    const workspace = await workspaceWith()
    await createRunFolder(workspace.runs, RUN)
    const settled = line('2026-11-19', 100, { model: 'm', tier: 't', estimated: true })
    await openLedger(workspace.runs).append([settled])
    expect(await reconcile(workspace, { ...known, run: '-0000', micro_usd: 40 }, AT)).toMatchObject({ old_micro_usd: 100, estimated: true })
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

  it('says whether it corrects an estimate, or what the provider had told', async () => {
    const workspace = await workspaceWith()
    await openLedger(workspace.runs).append([line('2026-11-20', 100)])
    expect(await reconcile(workspace, { ...known, micro_usd: 40 }, AT)).toMatchObject({ estimated: false })
  })

  it('of the last run is of no other, also where only an earlier one has the task', async () => {
    const workspace = await workspaceWith()
    await leave(workspace)
    await leave(workspace, LATER)
    await openLedger(workspace.runs).append([line('2026-11-21', 5, { run: LATER, task: 'both' }), line('2026-11-20', 1), line('2026-11-20', 2, { task: 'both' })])
    expect(await reconcile(workspace, { ...known, run: 'last', task: 'both', micro_usd: 9 }, AT)).toMatchObject({ old_micro_usd: 5, line: { run: LATER } })
    expect(await reconcile(workspace, { ...known, run: 'last', micro_usd: 9 }, AT)).toEqual({ problem: `run ${LATER} has no task "a"; it has: checked, plain, open` })
  })

  it('of a run that was deleted needs its whole name', async () => {
    const workspace = await workspaceWith()
    await leave(workspace, LATER)
    await openLedger(workspace.runs).append([line('2026-11-20', 1)])
    expect(await reconcile(workspace, { ...known, run: RUN.slice(-4), micro_usd: 9 }, AT)).toMatchObject({ problem: expect.stringContaining('there is no run "0000"') as string })
    expect(await reconcile(workspace, { ...known, micro_usd: 9 }, AT)).toMatchObject({ old_micro_usd: 1 })
  })

  it('has to wait until the attempt is settled, and is told by whom', async () => {
    const workspace = await workspaceWith()
    await leave(workspace)
    const open = () => reconcile(workspace, { ...known, task: 'open', micro_usd: 9 }, AT)
    expect(await open()).toEqual({ problem: `attempt 1 of "open" in run ${RUN} is not settled yet; "tutti resume ${RUN}", or the next run, settles it` })
    const lock = await takeLock(workspace.runs)
    expect(await open()).toEqual({ problem: `attempt 1 of "open" in run ${RUN} is not settled yet; process ${process.pid} is at work: correct it when that has ended` })
    if (lock.result === 'held') await lock.release()
  })

  it.each([
    [{ run: '2025' }, 'there is no run "2025"'],
    [{ run: '2026' }, `could be ${RUN} or ${LATER}`],
    [{ task: 'twice' }, '"twice" has the attempts 1, 2; name one with --attempt'],
    [{ task: 'open', attempt: 3 }, `"open" in run ${RUN} has no attempt 3; it has: 1`],
  ])('is refused of what the ledger does not have, or of what could be several: %j', async (wrong, problem) => {
    const workspace = await workspaceWith()
    await leave(workspace)
    await leave(workspace, LATER)
    await openLedger(workspace.runs).append([line('2026-11-20', 1, { task: 'twice' }), line('2026-11-20', 1, { task: 'twice', attempt: 2 })])
    expect(await reconcile(workspace, { ...known, micro_usd: 9, ...wrong }, AT)).toMatchObject({ problem: expect.stringContaining(problem) as string })
    expect(await ledgerOf(workspace)).toHaveLength(2)
  })
})
