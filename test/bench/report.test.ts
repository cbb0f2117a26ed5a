import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { compare } from '../../bench/compare.ts'
import { atLeast, atMost, figure, isMet, type Figure } from '../../bench/figure.ts'
import { newestOfKind, readReport, reportsIn, writeReport, type Report } from '../../bench/report.ts'
import { median, ratiosOf, spreadOf } from '../../bench/spread.ts'
import { markdown } from '../../bench/table.ts'
import { inTurns } from '../../bench/turns.ts'
import { tempDir } from '../temp-dir.ts'

const MACHINE: Report['machine'] = { cpu: 'a processor', cores: 2, node: 'v20.19.0', os: 'linux 6.1 x64', files: 'on a disk' }

function report(at: string, ...lines: Figure[]): Report {
  return { v: 1, at, commit: 'abc1234', dirty: false, quick: false, machine: MACHINE, busy: 0, rows: [{ name: 'durable', about: '', baseline: '', lines }] }
}

/** Seconds of ours, beside a baseline of one second. */
const seconds = (...ours: number[]) => figure({ what: 'a run', unit: 's', ours, against: { name: 'a loop', theirs: ours.map(() => 1) } })

describe('what several rounds come to', () => {
  test('the middle of an even number of rounds lies between the two in the middle', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(spreadOf([5, 1, 3, 2, 4])).toEqual({ low: 2, middle: 3, high: 4 })
  })

  test('a ratio is taken round by round, so a busy moment that met both is no difference', () => {
    expect(ratiosOf([2, 20, 4], [1, 10, 2])).toEqual([2, 2, 2])
    const { against } = figure({ what: 'a run', unit: 's', ours: [2, 20, 4], against: { name: 'a loop', theirs: [1, 10, 2] } })
    expect(against?.ratio).toEqual({ low: 2, middle: 2, high: 2 })
  })

  test('what is measured takes turns, and the first turn is not counted', async () => {
    const order: string[] = []
    const next = (name: string) => () => Promise.resolve(order.push(name))
    const told = await inTurns(2, { ours: next('ours'), loop: next('loop') })
    expect(order).toEqual(['ours', 'loop', 'ours', 'loop', 'ours', 'loop'])
    expect(told).toEqual({ ours: [3, 5], loop: [4, 6] })
  })
})

describe('targets', () => {
  test('a figure is met where it keeps every one of its bounds', () => {
    const of = (...targets: Figure['targets']) => isMet({ ...figure({ what: 'a run', unit: 'tasks/s', ours: [30_000], against: { name: 'a loop', theirs: [60_000] } }), targets })
    expect(of(atLeast('ours', 30_000), atLeast('ratio', 0.33))).toBe(true)
    expect(of(atLeast('ours', 30_000), atLeast('ratio', 0.6))).toBe(false)
    expect(of(atMost('ratio', 0.5))).toBe(true)
    expect(of()).toBeUndefined()
  })

  test('a bound on a ratio that was not measured is not met', () => {
    expect(isMet(figure({ what: 'a run', unit: 's', ours: [1], targets: [atMost('ratio', 2)] }))).toBe(false)
  })
})

describe('what got slower', () => {
  const before = report('2026-11-20T12:00:00.000Z', seconds(2, 2.1, 1.9, 2, 2))

  test('is told by the ratio, with how many times as slow it is', () => {
    const [change] = compare(report('2026-11-21T12:00:00.000Z', seconds(3, 3.1, 2.9, 3, 3)), before)
    expect(change).toMatchObject({ row: 'durable', what: 'a run', times: 1.5, verdict: 'worse' })
  })

  test('a machine that is three times as slow is no program that got slower', () => {
    const slow = figure({ what: 'a run', unit: 's', ours: [6, 6.3, 5.7, 6, 6], against: { name: 'a loop', theirs: [3, 3, 3, 3, 3] } })
    expect(compare(report('2026-11-21T12:00:00.000Z', slow), before)[0]?.verdict).toBe('noise')
  })

  test('rounds that lie as far apart as the two results are noise', () => {
    const [change] = compare(report('2026-11-21T12:00:00.000Z', seconds(1.5, 1.8, 2.3, 3, 4)), before)
    expect(change?.verdict).toBe('noise')
  })

  test('of tasks in a second, fewer are worse', () => {
    const rate = (at: string, ours: number) => report(at, figure({ what: 'a run', unit: 'tasks/s', ours: [ours, ours], against: { name: 'a loop', theirs: [100, 100] } }))
    const verdict = (ours: number) => compare(rate('2026-11-21T12:00:00.000Z', ours), rate('2026-11-20T12:00:00.000Z', 50))[0]
    expect(verdict(25)).toMatchObject({ times: 2, verdict: 'worse' })
    expect(verdict(100)).toMatchObject({ times: 0.5, verdict: 'better' })
  })

  test('a result of another machine or another Node is not compared with', () => {
    const [now, other] = [report('2026-11-21T12:00:00.000Z'), report('2026-11-20T13:00:00.000Z')]
    expect(newestOfKind([before, { ...other, machine: { ...MACHINE, node: 'v22.1.0' } }, { ...other, machine: { ...MACHINE, cores: 8 } }, now], now)).toBe(before)
  })
})

describe('results on disk', () => {
  test('a report is read as it was written, under its date and commit', async () => {
    const dir = await tempDir()
    const written = report('2026-11-20T12:00:00.000Z', seconds(2, 3))
    const path = await writeReport(written, dir)
    expect(path).toMatch(/2026-11-20-abc1234\.json$/)
    expect(await readReport(path)).toEqual(written)
    expect(await reportsIn(dir)).toEqual([written])
  })

  test('the results in the repository can be read, and the README tells one of them to the digit', async () => {
    const readme = await readFile('README.md', 'utf8')
    const reports = await reportsIn()
    expect(reports.length).toBeGreaterThan(0)
    expect(reports.filter((each) => readme.includes(markdown(each)))).toHaveLength(1)
  })
})
