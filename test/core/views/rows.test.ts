import { describe, expect, it } from 'vitest'
import type { Settings } from '../../../src/core/settings.ts'
import { queueRow, queueRows } from '../../../src/core/views/rows.ts'
import { formatSpan } from '../../../src/core/units.ts'
import { ANSWERED, conductor, failure } from '../conductor.ts'
import { plan, settings, task } from '../specs.ts'

type Conductor = ReturnType<typeof conductor>

const rowOf = (run: Conductor, id: string) => {
  const each = run.state.tasks.get(id)
  if (each === undefined) throw new Error(`no task ${id}`)
  return queueRow(each, run.state, { now: Date.parse(run.now()), timeOfDay: (at) => new Date(at).toISOString().slice(11, 16) })
}
const whyOf = (run: Conductor, id: string) => rowOf(run, id).why

const PRICE = { kind: 'tokens' as const, tariff: { rates: { input_per_mtok: 3, output_per_mtok: 15 } }, source: 'config' as const }
const dear = (given: Partial<Settings>) => conductor({ when_held: 'stay', ...given }, [{ provider: 'rehearsal', price: PRICE }])

describe('why a task waits, in few words', () => {
  it('names what it needs, the first of it', () => {
    const run = conductor({ max_concurrent: 9 })
    run.add(plan(...['a', 'b', 'c', 'd', 'e'].map((id) => task(id)), task('two', { depends_on: ['a', 'b'] }), task('all', { depends_on: ['a', 'b', 'c', 'd', 'e'] })))
    run.next()
    expect([whyOf(run, 'two'), whyOf(run, 'all')]).toEqual(['needs a, b', 'needs a, b, c +2'])
    run.end('a')
    expect([whyOf(run, 'two'), whyOf(run, 'all')]).toEqual(['needs b', 'needs b, c, d +1'])
  })

  it('tells approval, a pause of the run and one of the task apart', () => {
    const run = conductor({ when_held: 'stay' })
    run.add(plan(task('a', { requires_approval: true }), task('b'), task('c')))
    run.send({ type: 'pause', task: 'b', by: 'anna' })
    run.send({ type: 'pause', by: 'anna' })
    run.next()
    expect(['a', 'b', 'c'].map((id) => whyOf(run, id))).toEqual(['approval', 'paused', 'the run is paused'])
  })

  it('counts down to a retry that comes soon', () => {
    const run = conductor({ retries: 1 })
    run.add(plan(task('a')))
    run.next()
    run.end('a', failure('timeout'))
    expect(whyOf(run, 'a')).toMatch(/^retry in [1-9]s$/)
  })

  it.each([
    [10_000, 'rehearsal asks to wait 10s'],
    [2 * 3_600_000, 'quota until 14:00'],
  ])('says how long a provider that asks to be left alone for %i ms is left alone', (retry_after_ms, why) => {
    const run = conductor({ when_held: 'stay', max_concurrent: 1 })
    run.add(plan(task('a'), task('b')))
    run.next()
    run.end('a', { result: 'failed', kind: 'quota_exhausted', message: 'no', duration_ms: 1, retry_after_ms })
    run.next()
    expect(whyOf(run, 'b')).toBe(why)
  })

  it.each(['day', 'month', 'project', 'run'] as const)('says that the budget of the %s is used up', (limit) => {
    const run = dear({ budget: { ...settings().budget, [limit]: 10 } })
    run.add(plan(task('a')))
    run.next()
    expect(whyOf(run, 'a')).toBe(`${limit}'s budget used up`)
    // What can be done about it stands in the long form.
    expect(queueRows(run.state, { now: 0, timeOfDay: String })[0]?.reason).toContain('budget.')
  })

  it('says what became of it: which task blocks it, why it failed', () => {
    const run = conductor()
    run.add(plan(task('a'), task('b', { depends_on: ['a'] })))
    run.next()
    run.end('a', failure('bad_request'))
    run.next()
    expect([whyOf(run, 'a'), whyOf(run, 'b')]).toEqual(['it was bad_request', 'by a'])
  })

  it('has nothing to say of what runs as it should, or is complete', () => {
    const run = conductor()
    run.add(plan(task('a')))
    run.next()
    expect(whyOf(run, 'a')).toBe('')
    run.end('a')
    run.next()
    expect(whyOf(run, 'a')).toBe('')
  })
})

describe('a row of the queue', () => {
  it('tells where the task runs, for how long and for how much', () => {
    const run = dear({ providers: { rehearsal: { type: 'openai', model: 'm' } }, default_provider: 'rehearsal' })
    const price = { provider: 'rehearsal', model: 'm', price: PRICE }
    run.send({ type: 'add', plan: { ...plan(task('a')), prices: [price] } })
    run.next()
    run.pass(65_000)
    expect(rowOf(run, 'a')).toMatchObject({ status: 'running', route: 'rehearsal · m', time: '1m05s', cost: '', tries: '' })
    run.end('a', { ...ANSWERED, usage: { input: 1_000, output: 1_000 } })
    run.next()
    run.pass(99_000)
    expect(rowOf(run, 'a')).toMatchObject({ status: 'complete', time: '1m05s', cost: '$0.018' })
  })

  it('says that a cost is an estimate, that an answer came from the cache, and that no model was called', () => {
    const run = dear({ providers: { rehearsal: { type: 'rehearsal' } } })
    run.add(plan(task('a'), task('b')))
    run.next()
    run.end('a')
    run.end('b', { ...ANSWERED, cached: true, usage: { input: 0, output: 0 }, cost_micro_usd: 0 })
    run.next()
    expect(rowOf(run, 'a').cost).toMatch(/^≤ \$0\.\d+$/)
    expect(rowOf(run, 'b').cost).toBe('cached')
    expect(rowOf(run, 'a').route).toContain('no model was called')
  })

  it('stands still while the task waits for its next try', () => {
    const run = conductor({ retries: 1 })
    run.add(plan(task('a')))
    run.next()
    run.pass(3_000)
    run.end('a', failure('timeout'))
    run.pass(500)
    expect(rowOf(run, 'a').time).toBe('3s')
  })

  it('holds nothing that could steer a terminal', () => {
    const run = conductor()
    run.add(plan(task('a', { title: 'a\u001b[2Jtitle\nof two lines' })))
    run.next()
    run.end('a', { result: 'failed', kind: 'bad_request', message: '\u001b]0;x\u0007bad\nvery', duration_ms: 1 })
    run.next()
    expect(rowOf(run, 'a')).toMatchObject({ title: 'atitle of two lines', why: 'bad very' })
    expect(queueRows(run.state, { now: 0, timeOfDay: String })[0]?.reason).toBe('bad very')
  })

  it('stands in the queue once for each task, in its order', () => {
    const run = conductor({ max_concurrent: 1 })
    run.add(plan(task('waits', { depends_on: ['runs'] }), task('runs'), task('asks', { requires_approval: true })))
    run.next()
    expect(queueRows(run.state, { now: 0, timeOfDay: String }).map(({ id }) => id)).toEqual(['asks', 'runs', 'waits'])
  })
})

it('spans of time take few columns', () => {
  expect([0, 0.23, 9.5, 59.4, 60, 3_599, 7_800, 100_000].map(formatSpan)).toEqual(['0s', '0.2s', '9.5s', '59s', '1m00s', '59m59s', '2h10m', '1d03h'])
})
