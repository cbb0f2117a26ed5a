import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SHARED_LIMITS, spentAgainst } from '../../src/core/budget.ts'
import { dayAt, monthOf } from '../../src/core/calendar.ts'
import type { Command } from '../../src/core/commands.ts'
import { Event } from '../../src/core/events.ts'
import { reduce } from '../../src/core/reduce.ts'
import type { Outcome } from '../../src/core/outcome.ts'
import type { RoutePrice } from '../../src/core/price.ts'
import type { Settings } from '../../src/core/settings.ts'
import { emptyState, type RunState } from '../../src/core/state.ts'
import { attemptsAnew } from '../../src/core/task-state.ts'
import { ledgerLine } from '../../src/core/views/ledger-line.ts'
import { manifestOf } from '../../src/core/views/manifest.ts'
import { conductor } from './conductor.ts'
import { plan, settings, task } from './specs.ts'
import { anyWish, intentOf, unpauseAll } from './wishes.ts'

/*
 * Money, for any plan, prices, limits and order of outcomes, with up to 64 attempts at once, the conductor
 * killed at any event, and resumes.
 */

const PROVIDERS = { small: { type: 'openai' }, other: { type: 'openai' }, large: { type: 'anthropic' }, command: { type: 'command' } }
const TIERS = { cheap: [{ provider: 'small', model: 's' }, { provider: 'other', model: 'o' }], dear: [{ provider: 'large', model: 'l' }] }

const rates = fc.record({ input_per_mtok: fc.nat(20), output_per_mtok: fc.nat(100), cache_read_per_mtok: fc.nat(20), cache_write_per_mtok: fc.nat(30) })
const anyPrice: fc.Arbitrary<RoutePrice['price']> = fc.oneof(
  { weight: 4, arbitrary: rates.map((given) => ({ kind: 'tokens' as const, tariff: { rates: given }, source: 'config' as const })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 50_000 }).map((most_micro_usd) => ({ kind: 'capped' as const, most_micro_usd })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'free' as const }) },
  { weight: 1, arbitrary: fc.nat(50_000).map((micro_usd) => ({ kind: 'fixed' as const, micro_usd })) },
)
const anyLimit = fc.option(fc.nat(400_000), { nil: null })

const anySpec = fc.record({
  dependencies: fc.array(fc.nat(), { maxLength: 2 }),
  tier: fc.constantFrom('cheap', 'dear', undefined),
  max_tier: fc.constantFrom('cheap', undefined),
  max_tokens: fc.option(fc.integer({ min: 1, max: 2_000 }), { nil: undefined }),
  max_cost_usd: fc.option(fc.integer({ min: 0, max: 300 }), { nil: undefined }),
  checked: fc.boolean(),
  command: fc.constantFrom(false, false, false, true),
})

/** A number from 0 to 1 says how much of what it may use an attempt really uses. */
const anyStep = fc.record({
  pick: fc.nat(),
  end: fc.constantFrom<'usage' | 'cost' | 'untold' | 'cached' | Extract<Outcome, { result: 'failed' }>['kind']>(
    'usage', 'usage', 'usage', 'cost', 'untold', 'cached', 'timeout', 'silent', 'rate_limited', 'quota_exhausted', 'auth', 'not_installed', 'provider_down', 'model_missing', 'bad_output', 'interrupted', 'bad_request', 'limit_reached', 'broken',
  ),
  part: fc.double({ min: 0, max: 1, noNaN: true }),
  unspent: fc.boolean(),
  passes: fc.boolean(),
  crash: fc.constantFrom(false, false, false, false, false, true),
  hours: fc.constantFrom(0, 0, 0, 0, 1, 9),
  wish: anyWish,
})
type Step = typeof anyStep extends fc.Arbitrary<infer Of> ? Of : never

const anyPlay = fc.record({
  specs: fc.array(anySpec, { minLength: 1, maxLength: 20 }),
  prices: fc.tuple(anyPrice, anyPrice, anyPrice),
  budget: fc.record({
    day: anyLimit,
    month: anyLimit,
    project: anyLimit,
    run: anyLimit,
    task: anyLimit,
    on_limit: fc.constantFrom<Settings['budget']['on_limit']>('hold', 'hold', 'downgrade', 'stop'),
    time_zone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu'),
  }),
  elsewhere: fc.nat(100_000),
  concurrency: fc.constantFrom(1, 3, 64),
  steps: fc.array(anyStep, { maxLength: 150 }),
})
type Play = typeof anyPlay extends fc.Arbitrary<infer Of> ? Of : never

type Start = Extract<Command, { type: 'start-attempt' }>

function outcomeOf({ spec, limits, reserved, cache }: Start, { end, part, unspent }: Step): Outcome {
  // Nobody may be asked: it is in the cache, or has just been taken out of it.
  if (cache === 'only') {
    const gone = { result: 'failed', kind: 'interrupted', message: 'gone', duration_ms: 1, unspent: true } as const
    return part < 0.8 ? { result: 'answered', finish: 'stop', duration_ms: 1, cached: true } : gone
  }
  const usage = { input: Math.round(part * `do ${spec.id}`.length), output: Math.round(part * (limits.max_tokens ?? 1)) }
  const most = reserved?.micro_usd ?? 0
  switch (end) {
    case 'usage':
      return { result: 'answered', finish: 'stop', duration_ms: 1, usage }
    case 'cost':
      return { result: 'answered', finish: 'stop', duration_ms: 1, cost_micro_usd: Math.round(part * most) }
    case 'untold':
      return { result: 'answered', finish: 'stop', duration_ms: 1 }
    case 'cached':
      return { result: 'answered', finish: 'stop', duration_ms: 1, cached: true }
    case 'rate_limited':
    case 'quota_exhausted':
      // Some say how long they want to be left alone.
      return { result: 'failed', kind: end, message: end, duration_ms: 1, unspent: true, ...(part > 0.5 ? { retry_after_ms: Math.round(part * 60_000) } : {}) }
    case 'timeout':
    case 'silent':
    case 'auth':
    case 'not_installed':
    case 'bad_request':
    case 'model_missing':
    case 'provider_down':
    case 'bad_output':
    case 'command_failed':
    case 'permission_denied':
    case 'limit_reached':
    case 'unanswered':
    case 'broken':
    case 'interrupted':
      return { result: 'failed', kind: end, message: end, duration_ms: 1, ...(unspent ? { unspent: true as const } : part > 0.5 ? { usage } : {}) }
  }
}

function play({ specs, prices, budget, elsewhere, concurrency, steps }: Play) {
  const limits = { ...settings().budget, ...budget }
  const given = { max_concurrent: concurrency, retries: 1, providers: PROVIDERS, default_provider: 'small', cache: 'read' as const, tiers: TIERS, routing: { default_tier: 'cheap', by_type: {}, patience_s: 60 }, budget: limits }
  const routes = [...TIERS.cheap, ...TIERS.dear]
  const run = conductor(given, routes.map((route, index) => ({ ...route, price: prices[index] ?? { kind: 'free' } })))
  // Spent before the run began: later days and months know nothing of it.
  const first = run.state.budget.today?.day ?? ''
  const away = () => {
    const { day } = dayAt(limits.time_zone, run.now())
    return { run: 0, project: elsewhere, day: day === first ? elsewhere : 0, month: monthOf(day) === monthOf(first) ? elsewhere : 0 }
  }
  const tasks = specs.map(({ dependencies, checked, command, tier, max_tier, max_tokens, max_cost_usd }, index) =>
    task(`t${index}`, {
      ...(tier === undefined ? {} : { tier }),
      ...(max_tier === undefined ? {} : { max_tier }),
      ...(max_tokens === undefined ? {} : { max_tokens }),
      ...(max_cost_usd === undefined ? {} : { max_cost_usd: max_cost_usd / 1_000 }),
      ...(command ? { work: { kind: 'command' as const, command: 'true' } } : {}),
      checks: checked ? [{ rule: 'contains', value: 'x' }] : [],
      depends_on: index === 0 ? [] : [...new Set(dependencies.map((n) => `t${n % index}`))],
    }),
  )
  run.add({ ...plan(...tasks), files: [] })
  run.resume({}, away())

  let isOpen = true
  let pending: Command[] = []
  const gather = () => {
    pending.push(...run.next())
    if (isOpen) expectWithinLimits(run.state, limits)
  }
  gather()
  for (let turn = 0; run.state.phase.phase !== 'closed'; turn++) {
    if (turn > 3_000) throw new Error(`the run does not end: ${JSON.stringify(run.log.slice(-5))}`)
    const step = steps[turn]
    if (step === undefined && isOpen) {
      // A person raises every limit; what is left goes well.
      isOpen = false
      pending = []
      run.resume({ budget: { ...settings().budget, on_limit: 'hold' } }, away())
      run.send({ type: 'retry-now', by: 'test' })
      unpauseAll(run)
      gather()
      continue
    }
    // A task whose own file allows too little is held for good.
    if (!isOpen && run.state.phase.phase === 'stopped' && onlyOwnLimits(run.state)) break
    const now = step ?? { pick: 0, end: 'usage' as const, part: 0.5, unspent: true, passes: true, crash: false, hours: 0, wish: undefined }
    if (now.crash || run.state.phase.phase === 'stopped') {
      pending = []
      if (now.crash) run.crash(now.part)
      run.resume(isOpen ? {} : { budget: settings().budget }, away())
      if (run.state.counts.held > 0 || now.part > 0.9) run.send({ type: 'retry-now', by: 'test' })
    }
    if (now.wish !== undefined) run.send(intentOf(run.state, now.wish))
    if (now.hours > 0) run.pass(now.hours * 3_600_000)
    const [command] = pending.splice(now.pick % Math.max(1, pending.length), 1)
    if (command === undefined) run.pass(120_000)
    else if (command.type === 'start-attempt') run.send({ type: 'attempt-ended', task: command.spec.id, attempt: command.attempt, outcome: outcomeOf(command, now) })
    else if (command.type === 'check') run.send({ type: 'checks-ended', task: command.spec.id, attempt: command.attempt, rows: [{ rule: 'contains', expected: 'x', found: 'y', passed: now.passes }] })
    else if (command.type === 'look-up') run.send({ type: 'looked-up', task: command.start.spec.id, hit: now.part > 0.3 })
    else if (command.type === 'probe') run.send({ type: 'probed', provider: command.provider, found: now.passes ? 'ready' : 'unreachable', detail: '' })
    gather()
  }
  return run
}

function onlyOwnLimits({ tasks, counts }: RunState): boolean {
  const held = [...tasks.values()].filter(({ state: now }) => now.status === 'held')
  return counts.ready === 0 && held.length > 0 && held.every(({ spec }) => spec.max_cost_usd !== undefined)
}

/** Counted anew from the attempts, and not by what the state says of itself. */
function expectWithinLimits(state: RunState, limits: Settings['budget']): void {
  const attempts = [...state.tasks.values()].flatMap((each) => each.attempts)
  const amount = ({ settled, reserved }: (typeof attempts)[number]) => settled?.micro_usd ?? reserved?.micro_usd ?? 0
  const sum = (isCounted: (day: string) => boolean) => attempts.reduce((total, attempt) => total + (isCounted(attempt.reserved?.day ?? '') ? amount(attempt) : 0), 0)
  const today = state.budget.today?.day ?? ''
  const counted = { run: sum(() => true), project: sum(() => true), day: sum((day) => day === today), month: sum((day) => day.slice(0, 7) === today.slice(0, 7)) }
  // All is held against all in one go: this happens after every step, and an expectation costs more than the step.
  const said = SHARED_LIMITS.map((limit) => [limit, spentAgainst(state.budget, limit) + state.budget.reserved[limit]])
  expect(said).toEqual(SHARED_LIMITS.map((limit) => [limit, counted[limit] + state.budget.elsewhere[limit]]))
  const passed = SHARED_LIMITS.flatMap((limit) => {
    const sum = counted[limit] + state.budget.elsewhere[limit]
    const max = limits[limit]
    return max !== null && counted[limit] > 0 && sum > max ? [{ limit, sum, max }] : []
  })
  const passedByTasks = [...state.tasks.values()].flatMap((each) => {
    const { spec } = each
    const sum = attemptsAnew(each).reduce((total, attempt) => total + amount(attempt), 0)
    const max = spec.max_cost_usd === undefined ? limits.task : Math.ceil(spec.max_cost_usd * 1_000_000)
    return max !== null && sum > max ? [{ task: spec.id, sum, max }] : []
  })
  expect([...passed, ...passedByTasks]).toEqual([])
}

describe('for any plan, prices, limits and order of outcomes, with crashes and resumes', () => {
  it('what is settled and reserved never passes a limit', { timeout: 60_000 }, () => {
    fc.assert(fc.property(anyPlay, (given) => void play(given)), { numRuns: 300 })
  })

  it('every reservation ends, the ledger equals the manifest, and the log tells the same story again', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(anyPlay, (given) => {
        const run = play(given)
        const { state } = run
        expect(state.budget.reserved).toEqual({ run: 0, project: 0, day: 0, month: 0 })
        const lines = [...state.tasks.values()].flatMap((each) => each.attempts.flatMap((attempt) => ledgerLine(state, each, attempt) ?? []))
        const paid = [...state.tasks.values()].flatMap(({ attempts }) => attempts.filter(({ reserved }) => reserved !== undefined))
        expect(lines).toHaveLength(paid.length)
        const ledger = lines.reduce((sum, line) => sum + line.micro_usd, 0)
        expect(ledger).toBe(manifestOf(state).cost_micro_usd)
        expect(ledger).toBe(state.budget.spent.run)
        const read = run.log.map((event) => Event.parse(JSON.parse(JSON.stringify(event))))
        expect(read.reduce(reduce, emptyState())).toEqual(state)
      }),
      { numRuns: 200 },
    )
  })
})
