import { describe, expect, it } from 'vitest'
import type { LedgerLine } from '../../../src/core/ledger.ts'
import type { Price } from '../../../src/core/price.ts'
import { costTally, verdictOf, type CostGroup, type TopTier, type Verdict } from '../../../src/core/views/cost.ts'
import { limitMeter, limitRows } from '../../../src/core/views/limits.ts'
import { settings } from '../specs.ts'

const base = { v: 1, at: '2026-11-20T12:00:00.000Z', day: '2026-11-20', project: 'p', run: 'r', task: 'a', attempt: 1, provider: 'x' } as const
const settled = (more: object = {}): LedgerLine => ({ ...base, type: 'settled', micro_usd: 100, estimated: false, result: 'answered', ...more })
const corrected = (micro_usd: number, more: object = {}): LedgerLine => ({ ...base, type: 'corrected', micro_usd, reason: 'bill', by: 'ada', ...more })

function report(lines: LedgerLine[], { by = 'day', verdicts = {}, top }: { by?: CostGroup; verdicts?: Record<string, Verdict>; top?: TopTier } = {}) {
  const tally = costTally(by)
  for (const line of lines) tally.add(line)
  return tally.report(new Map(Object.entries(verdicts)), top)
}
const spentBy = (lines: LedgerLine[], by: CostGroup) => report(lines, { by }).rows.map(({ name, spent_micro_usd }) => [name, spent_micro_usd])

describe('what was spent', () => {
  const lines = [
    settled({ model: 'm', tier: 'cheap', day: '2026-11-21' }),
    settled({ model: 'm', attempt: 2, micro_usd: 50, day: '2026-11-20' }),
    settled({ provider: 'y', task: 'b', project: 'q', tier: 'best', micro_usd: 900, day: '2026-11-21' }),
    settled({ run: 's', micro_usd: 1, day: '2026-11-20' }),
  ]

  it('stands by day in the order of the days', () => {
    expect(spentBy(lines, 'day')).toEqual([
      ['2026-11-20', 51],
      ['2026-11-21', 1_000],
    ])
  })

  it.each<[CostGroup, [string, number][]]>([
    ['project', [['q', 900], ['p', 151]]],
    ['model', [['y', 900], ['x/m', 150], ['x', 1]]],
    ['tier', [['best', 900], ['cheap', 100], ['(no tier)', 51]]],
    ['task', [['r/b', 900], ['r/a', 150], ['s/a', 1]]],
  ])('stands by %s with the dearest first', (by, rows) => {
    expect(spentBy(lines, by)).toEqual(rows)
  })

  it('adds up the tokens that were told', () => {
    const { total } = report([settled({ usage: { input: 10, cached: 4, output: 3 } }), settled({ attempt: 2, usage: { input: 5 } }), settled({ attempt: 3 })])
    expect(total).toMatchObject({ attempts: 3, tokens: { input: 15, cached: 4, output: 3 } })
  })

  it('counts no answers from the cache among the attempts', () => {
    expect(report([settled(), settled({ attempt: 2, micro_usd: 0, cached: true })]).total).toMatchObject({ attempts: 1, spent_micro_usd: 100 })
  })

  it('tells what was estimated and what was corrected apart', () => {
    const { total } = report([settled({ estimated: true }), settled({ attempt: 2 }), corrected(-30, { attempt: 2 })])
    expect(total).toMatchObject({ spent_micro_usd: 170, estimated_micro_usd: 100, corrected_micro_usd: -30, attempts: 2 })
  })

  it('is no longer an estimate once a person has said what it was', () => {
    const { total, rows } = report([settled({ estimated: true, provider: 'x' }), corrected(-60), corrected(5)], { by: 'model' })
    expect(total).toMatchObject({ spent_micro_usd: 45, estimated_micro_usd: 0 })
    expect(rows[0]).toMatchObject({ name: 'x', spent_micro_usd: 45, estimated_micro_usd: 0 })
  })
})

describe('the cost of a verified success', () => {
  const lines = [settled(), settled({ task: 'b' }), settled({ task: 'c', result: 'failed' })]

  it('carries what the tasks with checks have cost that came to nothing, and no others', () => {
    const { verified, tasks_unknown } = report(lines, { verdicts: { 'r/a': 'verified', 'r/b': 'unchecked', 'r/c': 'not verified' } })
    expect(verified).toEqual({ tasks: 1, spent_micro_usd: 200, per_task_micro_usd: 200 })
    expect(tasks_unknown).toBe(0)
  })

  it('leaves out tasks of runs that nobody can ask any more, and says how many', () => {
    const { verified, tasks_unknown } = report([...lines, settled({ run: 'gone' })], { verdicts: { 'r/a': 'verified', 'r/b': 'verified', 'r/c': 'not verified' } })
    expect(verified).toMatchObject({ tasks: 2, spent_micro_usd: 300, per_task_micro_usd: 150 })
    expect(tasks_unknown).toBe(1)
  })

  it('is not told where nothing was verified', () => {
    expect(report(lines, { verdicts: { 'r/a': 'not verified', 'r/b': 'unchecked', 'r/c': 'unchecked' } })).not.toHaveProperty('verified')
  })

  it('is that of tasks that are complete with all of their checks passed; a rehearsal proves nothing', () => {
    const row = { rule: 'r', expected: 'e', found: 'f', passed: true }
    const entry = { id: 'a', title: 'a', status: 'complete' as const, attempts: 1, cost_usd: 0, cost_micro_usd: 0, spending: [], has_checks: true as const, checks: [row] }
    const { has_checks: _, ...unchecked } = { ...entry, checks: [] }
    expect(verdictOf(entry)).toBe('verified')
    expect(verdictOf({ ...entry, checks: [row, { ...row, passed: false }] })).toBe('not verified')
    expect(verdictOf({ ...entry, status: 'incomplete' })).toBe('not verified')
    // It failed before anything could be checked.
    expect(verdictOf({ ...entry, status: 'failed', checks: [] })).toBe('not verified')
    expect(verdictOf(unchecked)).toBe('unchecked')
    expect(verdictOf({ ...entry, label: 'rehearsal: no model was called' })).toBe('unchecked')
  })
})

describe('what starting cheap has saved', () => {
  const price: Price = { kind: 'tokens', tariff: { rates: { input_per_mtok: 10, output_per_mtok: 20 } }, source: 'config' }
  const usage = { input: 100, output: 10 }
  const cheap = (more: object = {}) => settled({ tier: 'cheap', ...more })

  it('is what the last answer would have cost at the top, less all that the task has cost', () => {
    const lines = [cheap({ usage: { input: 1, output: 1 } }), cheap({ attempt: 2, usage }), corrected(20), cheap({ task: 'b', usage, micro_usd: 0 })]
    expect(report(lines, { top: { tier: 'best', price } }).top_tier).toEqual({
      tier: 'best',
      tasks: 2,
      spent_micro_usd: 220,
      would_be_micro_usd: 2_400,
      saved_micro_usd: 2_180,
    })
  })

  it('is less than nothing where the cheap tries were for nothing', () => {
    const lines = [cheap({ micro_usd: 500, usage }), settled({ attempt: 2, tier: 'best', micro_usd: 1_200, usage })]
    expect(report(lines, { top: { tier: 'best', price } }).top_tier?.saved_micro_usd).toBe(-500)
  })

  it('says nothing of answers from the cache, of tasks that never answered, and of tokens that nobody told', () => {
    const lines = [cheap({ usage, cached: true }), cheap({ task: 'b', usage, result: 'failed' }), cheap({ task: 'c' })]
    expect(report(lines, { top: { tier: 'best', price } })).not.toHaveProperty('top_tier')
    expect(report([cheap({ usage })])).not.toHaveProperty('top_tier')
  })

  it('leaves out what was sent past the tiers, to a provider that somebody named', () => {
    const lines = [cheap({ usage }), settled({ task: 'b', usage })]
    expect(report(lines, { top: { tier: 'best', price } }).top_tier).toMatchObject({ tasks: 1, spent_micro_usd: 100 })
  })

  it('cannot be told where the top tier has no price by tokens', () => {
    const prices: (Price | undefined)[] = [undefined, { kind: 'capped', most_micro_usd: 5 }]
    for (const unknown of prices) {
      const told = report([cheap({ usage })], { top: { tier: 'best', price: unknown } })
      expect(told).toMatchObject({ top_tier_unpriced: 'best' })
      expect(told).not.toHaveProperty('top_tier')
    }
  })

  it('needs no tokens where every attempt at the top costs the same', () => {
    expect(report([cheap()], { top: { tier: 'best', price: { kind: 'fixed', micro_usd: 250 } } }).top_tier?.saved_micro_usd).toBe(150)
  })
})

describe('the limits', () => {
  const budget = { ...settings().budget, day: 1_000, month: 10_000, run: 0 }
  const names = { run: 'r', project: 'p', day: '2026-11-20', month: '2026-11' }
  const amounts = (day: number) => ({ run: 0, project: day, day, month: day })
  const day = (spent: number, reserved: number) => limitRows(names, amounts(spent), amounts(reserved), budget).find(({ limit }) => limit === 'day')

  it('tell what is left when what was set aside is taken off', () => {
    expect(day(300, 200)).toMatchObject({ of: '2026-11-20', free_micro_usd: 500, state: 'free' })
    expect(day(900, 200)).toMatchObject({ free_micro_usd: 0, state: 'warned' })
    expect(day(1_000, 0)).toMatchObject({ free_micro_usd: 0, state: 'used up' })
  })

  it('are told from the month to the run, without the run where there is none', () => {
    const rows = limitRows({ ...names, run: undefined }, amounts(1), amounts(0), budget)
    expect(rows.map(({ limit, free_micro_usd }) => [limit, free_micro_usd])).toEqual([
      ['month', 9_999],
      ['day', 999],
      ['project', null],
    ])
  })

  it.each([
    [0, 0, '[----------]'],
    [300, 200, '[###++-----]'],
    [1, 1, '[#+--------]'],
    [990, 10, '[##########]'],
    [2_000, 500, '[##########]'],
  ])('are drawn: %d spent and %d set aside of 1000 are %s', (spent, reserved, meter) => {
    const row = day(spent, reserved)
    expect(row === undefined ? '' : limitMeter(row, 10)).toBe(meter)
  })

  it('are drawn full where nothing may be spent, and not at all where there is none', () => {
    const rows = limitRows(names, amounts(0), amounts(0), budget)
    expect(rows.map((row) => limitMeter(row, 4))).toEqual(['[----]', '[----]', '', '[####]'])
  })
})
