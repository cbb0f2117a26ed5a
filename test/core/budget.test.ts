import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/core/outcome.ts'
import type { RoutePrice } from '../../src/core/price.ts'
import type { Settings } from '../../src/core/settings.ts'
import { conductor, failure, NOTHING_ELSEWHERE } from './conductor.ts'
import { plan, settings, task } from './specs.ts'

/** Every attempt costs a dollar, whatever it does. */
const DOLLAR = 1_000_000
const PRICES: RoutePrice[] = [
  { provider: 'paid', price: { kind: 'fixed', micro_usd: DOLLAR } },
  { provider: 'agent', price: { kind: 'capped', most_micro_usd: 2 * DOLLAR } },
  { provider: 'own', price: { kind: 'free' } },
]
const PAID: Outcome = { result: 'answered', finish: 'stop', duration_ms: 1, cost_micro_usd: DOLLAR }

function begin(tasks: Parameters<typeof plan>, budget: Partial<Settings['budget']>, more: Partial<Settings> = {}, prices = PRICES) {
  const providers = { paid: { type: 'openai' }, agent: { type: 'claude-code', agent: true as const }, own: { type: 'ollama' } }
  const run = conductor({ max_concurrent: 4, providers, default_provider: 'paid', ...more, budget: { ...settings().budget, ...budget } }, prices)
  expect(run.add({ ...plan(...tasks), files: [] })).toBeUndefined()
  return run
}

const held = (run: ReturnType<typeof begin>, id: string) => {
  const now = run.state.tasks.get(id)?.state
  return now?.status === 'held' && now.gate === 'budget' ? now.reason : undefined
}

describe('a limit', () => {
  it('lets a task wait while what runs may leave it enough, and holds it when it does not', () => {
    const run = begin([task('a'), task('b'), task('c')], { run: 2.5 * DOLLAR })
    expect(run.starts()).toEqual(['a', 'b'])
    expect(run.status('c')).toBe('ready')
    run.end('a', PAID)
    run.end('b', { ...PAID, cost_micro_usd: 0 })
    expect(run.starts()).toEqual(['c'])
    run.end('c', PAID)
    run.add({ ...plan(task('d', { file: 'd.md' })), files: [] })
    run.next()
    expect(held(run, 'd')).toMatch(/^the run's limit of \$2\.50/)
  })

  it('holds nothing that costs nothing', () => {
    const run = begin([task('a', { provider: 'own' }), task('b', { work: { kind: 'command', command: 'true' } })], { day: 0 })
    expect(run.starts()).toEqual(['a', 'b'])
  })

  it('of the day is lifted when the day turns, where the budget says', () => {
    const run = begin([task('a'), task('b')], { day: DOLLAR, time_zone: 'Asia/Kathmandu' }, { when_held: 'stay' })
    run.next()
    run.end('a', PAID)
    run.next()
    expect(held(run, 'b')).toBe("the day's limit of $1.00 would be passed: $1.00 spent, and this may cost $1.00 (budget.daily_usd)")
    // 12:00 UTC is 17:45 there.
    run.pass((6 * 60 + 14) * 60_000)
    expect(run.starts()).toEqual([])
    run.pass(60_000)
    expect(run.starts()).toEqual(['b'])
  })

  it('counts an attempt for the day it began on, so that those that end together after midnight pass none', () => {
    const run = begin([task('a'), task('b'), task('c')], { day: DOLLAR }, { when_held: 'stay' })
    run.next()
    run.pass(13 * 3_600_000)
    run.end('a', PAID)
    expect(run.starts()).toEqual(['b'])
    expect(run.state.budget.spent).toMatchObject({ day: 0, run: DOLLAR })
  })

  it('counts the day anew in the time zone that a run is taken up with', () => {
    const run = begin([task('a'), task('b'), task('c')], { day: DOLLAR, time_zone: 'Pacific/Kiritimati' })
    run.next()
    run.end('a', PAID)
    run.next()
    // There it was the 21st already; here that day comes at midnight, and its money is spent.
    run.resume({ budget: { ...settings().budget, day: DOLLAR, time_zone: 'UTC' } })
    expect(run.starts()).toEqual(['b'])
    run.end('b', { ...PAID, cost_micro_usd: 0 })
    run.pass(13 * 3_600_000)
    expect(run.starts()).toEqual([])
    expect(run.state.budget.spent.day).toBe(DOLLAR)
  })

  it('of a run that stays lets it go when nothing but that limit is in the way: another run can begin', () => {
    const run = begin([task('a'), task('b')], { run: DOLLAR }, { when_held: 'stay' })
    run.next()
    run.end('a', PAID)
    run.next()
    expect(run.state.phase).toEqual({ phase: 'stopped', reason: 'a task waits for money' })
  })

  it('is warned of once, and again when it has been raised and most of that is spent', () => {
    const warnings = () => run.log.flatMap((event) => (event.type === 'budget.warned' ? [[event.limit, event.spent, event.max]] : []))
    const run = begin(['a', 'b', 'c', 'd'].map((id) => task(id)), { run: 2 * DOLLAR, warn_at_pct: 50 }, { max_concurrent: 1 })
    for (const id of ['a', 'b']) {
      run.next()
      run.end(id, PAID)
    }
    run.next()
    expect(warnings()).toEqual([['run', DOLLAR, 2 * DOLLAR]])
    run.resume({ budget: { ...settings().budget, run: 6 * DOLLAR, warn_at_pct: 50 } })
    run.next()
    expect(warnings()).toHaveLength(1)
    run.end('c', PAID)
    run.next()
    expect(warnings().slice(1)).toEqual([['run', 3 * DOLLAR, 6 * DOLLAR]])
  })

  it('of the day is not warned of for what belongs to the day before', () => {
    const run = begin([task('a')], { day: DOLLAR, warn_at_pct: 50 }, { when_held: 'stay' })
    run.next()
    run.pass(13 * 3_600_000)
    run.end('a', PAID)
    run.next()
    expect(run.log.filter(({ type }) => type === 'budget.warned')).toEqual([])
  })
})

describe('a task whose own limit', () => {
  it('was used up by an interruption is held, and goes on when that is corrected', () => {
    const run = begin([task('a', { provider: 'agent', max_cost_usd: 2 }), task('b', { depends_on: ['a'], provider: 'own' })], {})
    run.next()
    run.resume()
    run.next()
    expect(held(run, 'a')).toMatch(/^the task's limit of \$2\.00 would be passed: .* \(max_cost_usd\); what was cut short counts in full until "tutti budget reconcile" corrects it$/)
    run.resume({}, { ...NOTHING_ELSEWHERE, run: -1.5 * DOLLAR }, [{ task: 'a', attempt: 1, micro_usd: -1.5 * DOLLAR }])
    expect(run.next()).toMatchObject([{ type: 'start-attempt', limits: { max_cost_micro_usd: 1.5 * DOLLAR }, session: { attempt: 1, spent_micro_usd: 0.5 * DOLLAR } }])
  })

  it('allows no further try ends, as its last answer or failure left it', () => {
    const run = begin([task('a', { retries: 3, max_cost_usd: 1.5 })], {})
    run.next()
    run.end('a', { result: 'failed', kind: 'bad_output', message: 'empty', duration_ms: 1, cost_micro_usd: DOLLAR })
    run.pass(60_000)
    run.next()
    expect(run.state.tasks.get('a')?.state).toMatchObject({ status: 'failed', reason: expect.stringContaining('$1.00 spent, and this may cost $1.00 (max_cost_usd)') })
  })

  it('comes from the configuration names its key', () => {
    const run = begin([task('a')], { task: 0.5 * DOLLAR })
    run.next()
    expect(held(run, 'a')).toBe("the task's limit of $0.50 would be passed: an attempt may cost $1.00, more than the whole of it (budget.per_task_usd)")
  })

  it('leaves an agent less than it could cost is told to make do, down to a cent', () => {
    const run = begin([task('a', { provider: 'agent', max_cost_usd: 0.5 }), task('b', { provider: 'agent', max_cost_usd: 0.005 })], {})
    expect(run.next()).toMatchObject([{ limits: { max_cost_micro_usd: 0.5 * DOLLAR } }, { type: 'open-gate', task: 'b' }])
  })
})

describe('what an attempt has cost', () => {
  const settled = (outcome: Outcome, price: RoutePrice['price']) => {
    const run = begin([task('a', { provider: 'paid', max_tokens: 10 })], {}, {}, [{ provider: 'paid', price }])
    run.next()
    run.end('a', outcome)
    const { reserved, settled } = run.state.tasks.get('a')?.attempts[0] ?? {}
    return { ...settled, all: settled?.micro_usd === reserved?.micro_usd }
  }
  const tokens = (source: 'config' | 'assumed' = 'config') => ({ kind: 'tokens' as const, tariff: { rates: { input_per_mtok: 1, output_per_mtok: 10 } }, source })
  const answered: Outcome = { result: 'answered', finish: 'stop', duration_ms: 1 }

  it('is what its tokens come to; all that was set aside where nobody tells; nothing where it was turned away', () => {
    expect(settled({ ...answered, usage: { input: 20, output: 5 } }, tokens())).toEqual({ micro_usd: 70, estimated: false, all: false })
    expect(settled(answered, tokens())).toMatchObject({ estimated: true, all: true })
    expect(settled({ ...answered, usage: { input: 20 } }, tokens())).toMatchObject({ estimated: true, all: true })
    expect(settled(failure('timeout'), tokens())).toMatchObject({ estimated: true, all: true })
    expect(settled({ result: 'failed', kind: 'bad_request', message: 'no', duration_ms: 1, unspent: true }, tokens())).toMatchObject({ micro_usd: 0, estimated: false })
    expect(settled({ ...answered, cached: true }, tokens())).toMatchObject({ micro_usd: 0, estimated: false })
  })

  it('is an estimate where its price is an assumption', () => {
    expect(settled({ ...answered, usage: { input: 20, output: 5 } }, tokens('assumed'))).toMatchObject({ micro_usd: 70, estimated: true })
  })

  it('is an estimate where it is a part of a session of which another part is one', () => {
    const run = begin([task('a', { provider: 'agent' })], {})
    run.next()
    run.resume()
    run.next()
    run.end('a', { ...PAID, cost_micro_usd: 0.1 * DOLLAR })
    expect(run.state.tasks.get('a')?.attempts[1]?.settled).toEqual({ micro_usd: 0.1 * DOLLAR, estimated: true })
  })
})

describe('the cache', () => {
  const PAIR = { inputs: ['in.txt'], outputs: ['out.txt'] }
  const COMMAND = { kind: 'command' as const, command: 'true' }
  const modeOf = (spec: Partial<Parameters<typeof task>[1]>, more: Partial<Settings> = {}) => {
    const [start] = begin([task('a', { provider: 'own', ...spec })], {}, { cache: 'read', ...more }).next()
    return start?.type === 'start-attempt' ? start.cache : undefined
  }

  it('is used for prompts as the task says, else as the configuration does, and never with --no-cache', () => {
    expect([modeOf({}), modeOf({ cache: 'refresh' }), modeOf({}, { cache: 'off' }), modeOf({ cache: 'read' }, { cache: 'off' })]).toEqual(['read', 'refresh', 'off', 'read'])
    expect(modeOf({ cache: 'read' }, { no_cache: true })).toBe('off')
  })

  it('is used for an agent only if its task asks for it: what it does to files is not in its answer', () => {
    expect([modeOf({ provider: 'agent' }), modeOf({ provider: 'agent', cache: 'read' })]).toEqual(['off', 'read'])
  })

  it('is used for a command that says what it reads and what it leaves', () => {
    expect([modeOf({ work: COMMAND, ...PAIR }), modeOf({ work: COMMAND, ...PAIR, inputs: [] }), modeOf({ work: COMMAND, cache: 'read' })]).toEqual(['read', 'off', 'off'])
  })
})

describe('a run that is taken up', () => {
  it('does not know a price any more that nobody knows now', () => {
    const run = begin([task('a', { requires_approval: true })], {})
    run.next()
    run.send({ type: 'resumed', version: '1', settings: settings({ providers: { paid: { type: 'openai' } }, default_provider: 'paid' }), elsewhere: NOTHING_ELSEWHERE, corrections: [], prices: [] })
    run.send({ type: 'approve-all', by: 'test' })
    run.next()
    expect(held(run, 'a')).toMatch(/^the price of paid is not known/)
  })
})

describe('a tier that there is no money for', () => {
  const tiers = { small: [{ provider: 'own' }], large: [{ provider: 'agent' }] }

  it('is left for a cheaper one where the policy says so, also when that one is away for a moment', () => {
    const run = begin([task('x', { provider: 'own', retries: 9 }), task('y', { provider: 'own', retries: 9 }), task('z', { provider: 'own', retries: 9 })], { run: 0, on_limit: 'downgrade' }, { tiers: { small: [{ provider: 'own' }], large: [{ provider: 'paid' }] } })
    run.next()
    for (const id of ['x', 'y', 'z']) run.end(id, failure('provider_down'))
    run.add({ ...plan(task('a', { file: 'a.md', tier: 'large' })), files: [] })
    run.next()
    expect(run.state.tasks.get('a')).toMatchObject({ state: { status: 'ready' }, route: { tier: 'small' } })
  })

  it('is not left for one without an agent by a task that an agent was to do', () => {
    const run = begin([task('a', { tier: 'large' })], { run: 0, on_limit: 'downgrade' }, { tiers })
    run.next()
    expect(held(run, 'a')).toMatch(/^the run's limit/)
  })

  it('is tried again when the run is taken up with more money', () => {
    const run = begin([task('a', { tier: 'large' })], { run: 0, on_limit: 'downgrade' }, { max_concurrent: 1, tiers: { small: [{ provider: 'own' }], large: [{ provider: 'paid' }] } })
    expect(run.next()).toMatchObject([{ type: 'downgrade' }, { route: { provider: 'own' } }])
    run.resume({ budget: { ...settings().budget } })
    expect(run.next()).toMatchObject([{ route: { provider: 'paid', tier: 'large' } }])
  })
})
