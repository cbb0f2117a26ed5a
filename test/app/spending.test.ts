import { appendFile, mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { settleAbandoned } from '../../src/app/abandoned.ts'
import { checkLedger } from '../../src/app/check-ledger.ts'
import { keepLedger } from '../../src/app/ledger-keeper.ts'
import { spentElsewhere } from '../../src/app/spent-elsewhere.ts'
import type { Workspace } from '../../src/app/workspace.ts'
import type { Event } from '../../src/core/events.ts'
import type { LedgerLine } from '../../src/core/ledger.ts'
import type { RoutePrice } from '../../src/core/price.ts'
import { reduce } from '../../src/core/reduce.ts'
import { emptyState, type RunState } from '../../src/core/state.ts'
import { ledgerLines } from '../../src/core/views/ledger-line.ts'
import { manifestOf } from '../../src/core/views/manifest.ts'
import { replayRun } from '../../src/app/runs.ts'
import { openLedger } from '../../src/store/ledger.ts'
import { readManifest } from '../../src/store/manifest-file.ts'
import { openAccount, openAccounts } from '../../src/store/open-accounts.ts'
import { createRunFolder, runFolder } from '../../src/store/run-folder.ts'
import { ANSWERED, conductor, failure } from '../core/conductor.ts'
import { plan, task } from '../core/specs.ts'
import { ledgerOf, workspaceWith } from './workspace.ts'

const RUN = '20261120-120000-0000'
const OTHER = '20261119-090000-0000'
/** Every attempt costs the same: 7 micro-dollars. */
const PRICES: RoutePrice[] = [{ provider: 'rehearsal', price: { kind: 'fixed', micro_usd: 7 } }]

/** Three tasks: one answers, one fails and is tried again, one is still under way. */
function started() {
  const run = conductor({ max_concurrent: 3, retries: 1 }, PRICES)
  run.add(plan(task('a'), task('b'), task('c')))
  run.next()
  run.end('a', { ...ANSWERED, usage: { input: 10, output: 2 } })
  run.end('b', failure('provider_down'))
  run.pass(60_000)
  run.next()
  run.end('b')
  return run
}

/** The log of a run as a kill left it: its first so many events. */
async function leftBehind({ runs }: Workspace, log: readonly Event[], id = RUN): Promise<RunState> {
  const folder = await createRunFolder(runs, id)
  const own = log.map((event) => (event.type === 'run.opened' ? { ...event, run: id } : event))
  await writeFile(folder.events, own.map((event) => `${JSON.stringify(event)}\n`).join(''))
  await openAccount(runs, id)
  return own.reduce(reduce, emptyState())
}

const short = (lines: LedgerLine[]) => lines.map(({ task, attempt, micro_usd }) => `${task}.${attempt} ${micro_usd}`)

describe('the ledger of a run that goes on', () => {
  it('holds each attempt when it has ended, and says where it ran and what it took', async () => {
    const workspace = await workspaceWith()
    const run = started()
    const { listener, end } = await keepLedger(workspace, 'r', run.state, () => Promise.resolve())
    for (const event of run.log) listener(event, run.state)
    await end()
    expect(short(await ledgerOf(workspace))).toEqual(['a.1 7', 'b.1 7', 'b.2 7'])
    const where = { day: '2026-11-20', project: 'p', run: 'r', provider: 'rehearsal' }
    const what = { usage: { input: 10, output: 2 }, estimated: false, result: 'answered' }
    expect((await ledgerOf(workspace))[0]).toMatchObject({ type: 'settled', at: '2026-11-20T12:00:00.000Z', ...where, ...what })
  })

  it('holds nothing of commands: nobody is paid for them', async () => {
    const run = conductor()
    run.add(plan(task('a', { work: { kind: 'command', command: 'true' } })))
    run.next()
    run.end('a')
    expect(ledgerLines(run.state)).toEqual([])
  })

  it('holds nothing that the log does not know yet', async () => {
    const workspace = await workspaceWith()
    const run = started()
    let flushed = () => {}
    const durable = new Promise<void>((resolve) => (flushed = resolve))
    const { listener, end } = await keepLedger(workspace, 'r', run.state, () => durable)
    for (const event of run.log) listener(event, run.state)
    const ended = end()
    expect(await ledgerOf(workspace)).toEqual([])
    flushed()
    await ended
    expect(await ledgerOf(workspace)).toHaveLength(3)
  })

  it('is written while the run goes on, without waiting for its end', async () => {
    const workspace = await workspaceWith()
    const run = started()
    let asked = () => {}
    const written = new Promise<void>((resolve) => (asked = resolve))
    const { listener } = await keepLedger(workspace, 'r', run.state, () => Promise.resolve(asked()))
    for (const event of run.log) listener(event, run.state)
    await written
    await expect.poll(() => ledgerOf(workspace)).toHaveLength(3)
  })

  it('gets what the disk refused when it takes lines again', async () => {
    const workspace = await workspaceWith()
    const run = conductor({}, PRICES)
    const { listener, end } = await keepLedger(workspace, 'r', run.state, () => Promise.resolve())
    run.add(plan(task('a')))
    run.next()
    run.end('a')
    const path = join(workspace.runs, 'ledger', '2026-11.jsonl')
    await mkdir(path, { recursive: true })
    for (const event of run.log) listener(event, run.state)
    await end()
    expect(await openAccounts(workspace.runs)).toEqual(['r'])
    await rmdir(path)
    await end()
    expect(short(await ledgerOf(workspace))).toEqual(['a.1 7'])
    expect(await openAccounts(workspace.runs)).toEqual([])
  })

  it('takes in what was settled before the run was taken up', async () => {
    const workspace = await workspaceWith()
    const run = started()
    await openLedger(workspace.runs).append(ledgerLines(run.state).slice(0, 1))
    await (await keepLedger(workspace, 'r', run.state, () => Promise.resolve())).end()
    expect(short(await ledgerOf(workspace))).toEqual(['a.1 7', 'b.1 7', 'b.2 7'])
  })
})

describe('the account of a run', () => {
  it('is open until all has ended and is written down', async () => {
    const workspace = await workspaceWith()
    const run = started()
    const { listener, end } = await keepLedger(workspace, 'r', run.state, () => Promise.resolve())
    expect(await openAccounts(workspace.runs)).toEqual(['r'])
    await end()
    expect(await openAccounts(workspace.runs)).toEqual(['r'])
    run.end('c')
    listener(run.log.findLast(({ type }) => type === 'attempt.finished') as Event, run.state)
    await end()
    expect(await openAccounts(workspace.runs)).toEqual([])
    expect(await ledgerOf(workspace)).toHaveLength(4)
  })

  it('stays open when the disk refuses, and the next conductor writes what is missing', async () => {
    const workspace = await workspaceWith()
    const run = started()
    run.end('c')
    await leftBehind(workspace, run.log)
    await mkdir(join(workspace.runs, 'ledger', '2026-11.jsonl'), { recursive: true })
    const { state } = await replayRun(runFolder(workspace.runs, RUN))
    await (await keepLedger(workspace, RUN, state, () => Promise.resolve())).end()
    expect(await openAccounts(workspace.runs)).toEqual([RUN])
    await rmdir(join(workspace.runs, 'ledger', '2026-11.jsonl'))
    expect(await settleAbandoned(workspace, undefined)).toEqual([])
    expect(await ledgerOf(workspace)).toHaveLength(4)
    expect(await openAccounts(workspace.runs)).toEqual([])
  })
})

describe('a run whose conductor was killed', () => {
  it('is settled at what was set aside, in the log, the manifest and the ledger', async () => {
    const workspace = await workspaceWith()
    await leftBehind(workspace, started().log)
    await appendFile(runFolder(workspace.runs, RUN).events, '{"v":1,"seq":99,"at":"20')
    expect(await settleAbandoned(workspace, undefined)).toEqual([])
    const line = (await ledgerOf(workspace)).find(({ task }) => task === 'c')
    expect(line).toMatchObject({ type: 'settled', run: RUN, attempt: 1, micro_usd: 7, estimated: true, result: 'failed' })
    const { state } = await replayRun(runFolder(workspace.runs, RUN))
    expect(state.tasks.get('c')?.attempts[0]).toMatchObject({ settled: { micro_usd: 7, estimated: true }, outcome: { kind: 'interrupted' } })
    expect((await readManifest(runFolder(workspace.runs, RUN).manifest))?.cost_micro_usd).toBe(28)
    expect(await openAccounts(workspace.runs)).toEqual([])
  })

  it('is settled to the same sum whatever event it was killed at, and whatever of it was in the ledger', async () => {
    const { log } = started()
    const first = log.findIndex(({ type }) => type === 'attempt.started')
    for (let length = first; length <= log.length; length++) {
      const workspace = await workspaceWith()
      const state = await leftBehind(workspace, log.slice(0, length))
      const lines = ledgerLines(state)
      await openLedger(workspace.runs).append(lines.slice(0, length % (lines.length + 1)))
      await settleAbandoned(workspace, undefined)
      await settleAbandoned(workspace, undefined)
      expect(await checkLedger(workspace), `killed after ${length} events`).toMatchObject({ equal: 1, differences: [], damaged: [] })
      const begun = log.slice(0, length).filter(({ type }) => type === 'attempt.started')
      expect(short(await ledgerOf(workspace))).toHaveLength(begun.length)
    }
  })

  it('is left alone when it is taken up now: it settles itself', async () => {
    const workspace = await workspaceWith()
    await leftBehind(workspace, started().log)
    await settleAbandoned(workspace, RUN)
    expect(await ledgerOf(workspace)).toEqual([])
    expect(await openAccounts(workspace.runs)).toEqual([RUN])
  })

  it('keeps its account and gives a warning where its log is damaged, and the others are settled', async () => {
    const workspace = await workspaceWith()
    const { log } = started()
    await leftBehind(workspace, log, OTHER)
    await leftBehind(workspace, log)
    const { events } = runFolder(workspace.runs, OTHER)
    await writeFile(events, (await readFile(events, 'utf8')).replace('{"v":1,"seq":3,', '{"v":1,"se'))
    const problems = await settleAbandoned(workspace, undefined)
    expect(problems).toMatchObject([{ file: events, message: expect.stringContaining(`${events}:3`) as string }])
    expect(await openAccounts(workspace.runs)).toEqual([OTHER])
    expect(new Set((await ledgerOf(workspace)).map(({ run }) => run))).toEqual(new Set([RUN]))
  })

  it('is forgotten when it was deleted: nothing tells any more what it had under way', async () => {
    const workspace = await workspaceWith()
    await leftBehind(workspace, started().log)
    await rm(runFolder(workspace.runs, RUN).path, { recursive: true })
    expect(await settleAbandoned(workspace, undefined)).toEqual([])
    expect(await openAccounts(workspace.runs)).toEqual([])
  })

  it('is no obstacle when nothing of it was recorded', async () => {
    const workspace = await workspaceWith()
    await leftBehind(workspace, [])
    expect(await settleAbandoned(workspace, undefined)).toEqual([])
    expect(await openAccounts(workspace.runs)).toEqual([])
  })
})

describe('what was spent elsewhere', () => {
  const AT = '2026-11-20T12:00:00.000Z'
  const about = { v: 1, at: AT, project: 'p', task: 'a', attempt: 1, provider: 'x' } as const
  const answered = { type: 'settled', estimated: false, result: 'answered' } as const
  const settled = (run: string, day: string, micro_usd: number, more: object = {}): LedgerLine => ({ ...about, ...answered, run, day, micro_usd, ...more })
  const corrected = (run: string, day: string, micro_usd: number): LedgerLine => ({ ...about, type: 'corrected', run, day, micro_usd, reason: 'bill', by: 'ada' })

  async function spent(lines: LedgerLine[], budget: object = {}, at = AT) {
    const workspace = await workspaceWith({ budget })
    await openLedger(workspace.runs).append(lines)
    return (await spentElsewhere(workspace, RUN, 'p', at)).elsewhere
  }

  it('is nothing in a new workspace', async () => {
    expect(await spent([])).toEqual({ run: 0, project: 0, day: 0, month: 0 })
  })

  it('counts other runs against the day, the month and the project', async () => {
    const lines = [settled(OTHER, '2026-11-20', 1), settled(OTHER, '2026-11-19', 10, { task: 'b' }), settled(OTHER, '2026-11-20', 100, { task: 'c', project: 'q' })]
    expect(await spent(lines)).toEqual({ run: 0, project: 11, day: 101, month: 111 })
  })

  it('leaves out what the run itself has settled, which its own log knows', async () => {
    expect(await spent([settled(RUN, '2026-11-20', 50), settled(OTHER, '2026-11-20', 1)])).toMatchObject({ project: 1, day: 1, month: 1 })
  })

  it('counts every correction, those of the run itself too', async () => {
    const lines = [settled(OTHER, '2026-11-20', 10), corrected(OTHER, '2026-11-20', -4), settled(RUN, '2026-11-20', 50), corrected(RUN, '2026-11-20', -20)]
    expect(await spent(lines)).toEqual({ run: -20, project: -14, day: -14, month: -14 })
  })

  it('looks at earlier months where the project has a limit', async () => {
    const lines = [settled(OTHER, '2026-03-01', 1_000), settled(OTHER, '2026-11-20', 1, { task: 'b' })]
    expect(await spent(lines, { per_project_usd: 1 })).toEqual({ run: 0, project: 1_001, day: 1, month: 1 })
  })

  it('finds corrections of a run that began in an earlier month', async () => {
    const lines = [corrected(RUN, '2026-11-30', -5), settled(OTHER, '2026-12-01', 1)]
    expect(await spent(lines, {}, '2026-12-02T12:00:00.000Z')).toMatchObject({ run: -5, day: 0, month: 1 })
  })

  it('turns the day where the budget says', async () => {
    const lines = [settled(OTHER, '2026-11-20', 1), settled(OTHER, '2026-11-21', 10, { task: 'b' })]
    expect(await spent(lines, { time_zone: 'Europe/Berlin' }, '2026-11-20T23:30:00.000Z')).toMatchObject({ day: 10 })
    expect(await spent(lines, { time_zone: 'America/New_York' }, '2026-11-21T03:30:00.000Z')).toMatchObject({ day: 1 })
  })

  it('is not guessed from a ledger that cannot be read', async () => {
    const workspace = await workspaceWith()
    await openLedger(workspace.runs).append([settled(OTHER, '2026-11-20', 1)])
    const path = join(workspace.runs, 'ledger', '2026-11.jsonl')
    await writeFile(path, `{"v":1\n${await readFile(path, 'utf8')}`)
    await expect(spentElsewhere(workspace, RUN, 'p', AT)).rejects.toThrow(`${path}:1 is not JSON`)
  })
})

it('a manifest and the ledger say the same of a run', () => {
  const { state } = started()
  expect(manifestOf(state).cost_micro_usd).toBe(ledgerLines(state).reduce((sum, { micro_usd }) => sum + micro_usd, 0))
})
