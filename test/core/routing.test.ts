import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/core/outcome.ts'
import type { RoutePrice } from '../../src/core/price.ts'
import type { Settings } from '../../src/core/settings.ts'
import { manifestOf } from '../../src/core/views/manifest.ts'
import { conductor, failure } from './conductor.ts'
import { plan, settings, task } from './specs.ts'

const SETUP = {
  max_concurrent: 8,
  retries: 1,
  providers: { one: { type: 'ollama' }, two: { type: 'openai' }, best: { type: 'anthropic' }, command: { type: 'command' } },
  default_provider: 'one',
  tiers: { local: [{ provider: 'one', model: 'm' }, { provider: 'two', model: 'm' }], complex: [{ provider: 'best', model: 'big' }] },
  routing: { default_tier: 'local', by_type: {}, patience_s: 60 },
} satisfies Partial<Settings>

const CHECK = [{ rule: 'contains', value: 'x' }]
const row = (passed: boolean) => [{ rule: 'contains', expected: 'x', found: 'y', passed }]
const quota = (retry_after_ms?: number): Outcome => ({
  result: 'failed',
  kind: 'rate_limited',
  message: 'slow down',
  duration_ms: 1,
  unspent: true,
  ...(retry_after_ms === undefined ? {} : { retry_after_ms }),
})

type Run = ReturnType<typeof conductor>

function begin(tasks: Parameters<typeof plan>, more: Partial<Settings> = {}, prices?: RoutePrice[]): Run {
  const run = conductor({ ...SETUP, ...more }, prices)
  expect(run.add({ ...plan(...tasks), files: [] })).toBeUndefined()
  return run
}

/** The providers that attempts start on now, in order. */
const routes = (run: Run) => run.next().flatMap((command) => (command.type === 'start-attempt' ? [command.route.provider] : []))
const last = (run: Run, id: string) => run.state.tasks.get(id)?.attempts.at(-1)
const check = (run: Run, id: string, passed: boolean) => {
  run.next()
  run.send({ type: 'checks-ended', task: id, attempt: last(run, id)?.attempt ?? 0, rows: row(passed) })
}
const events = (run: Run, ...types: string[]) => run.log.filter(({ type }) => types.includes(type))

describe('a route that is down', () => {
  it.each(['provider_down', 'auth', 'model_missing'] as const)('(%s) is left for the next one of its tier, at once', (kind) => {
    const run = begin([task('a')])
    expect(routes(run)).toEqual(['one'])
    run.end('a', failure(kind))
    expect(routes(run)).toEqual(['two'])
    expect(events(run, 'route.changed')).toMatchObject([{ task: 'a', why: 'fallback', to: { provider: 'two', tier: 'local' } }])
  })

  it('costs no retry until every route of the tier has been tried', () => {
    const run = begin([task('a', { retries: 1 })])
    const tries = []
    for (const provider of ['one', 'two', 'one', 'two']) {
      expect(routes(run)).toEqual([provider])
      run.end('a', failure(provider === 'one' ? 'model_missing' : 'timeout'))
      tries.push(run.state.tasks.get('a')?.tries)
      run.pass(2_000)
    }
    expect(tries).toEqual([0, 1, 1, 2])
    expect(run.status('a')).toBe('failed')
  })

  it('gives no try back that was another failure’s', () => {
    const run = begin([task('a', { retries: 5 })])
    routes(run)
    run.end('a', failure('bad_output'))
    run.pass(2_000)
    routes(run)
    run.end('a', failure('provider_down'))
    expect(run.state.tasks.get('a')).toMatchObject({ tries: 1, route: { provider: 'two' } })
  })

  it('is asked for its answer in the cache anew', () => {
    const run = begin([task('a')], { cache: 'read', budget: { ...settings().budget, run: 0 } }, [
      { provider: 'one', model: 'm', price: { kind: 'free' } },
      { provider: 'two', model: 'm', price: { kind: 'fixed', micro_usd: 1 } },
      { provider: 'best', model: 'big', price: { kind: 'free' } },
    ])
    run.next()
    run.end('a', failure('model_missing'))
    expect(run.next()).toMatchObject([{ type: 'look-up', start: { route: { provider: 'two' } } }])
  })

  it('is not left by a task that names its provider', () => {
    const run = begin([task('a', { provider: 'one', retries: 0 })])
    run.next()
    run.end('a', failure('model_missing'))
    expect(run.status('a')).toBe('failed')
  })

  it('fails no task by itself while another route of the tier may come back', () => {
    const run = begin([task('a', { retries: 5 })])
    run.next()
    for (const id of ['x', 'y', 'z']) run.add({ ...plan(task(id, { file: `${id}.md`, provider: 'two', retries: 5 })), files: [] })
    run.next()
    for (const id of ['x', 'y', 'z']) run.end(id, failure('provider_down'))
    run.end('a', failure('model_missing'))
    expect([run.status('a'), run.next()]).toEqual(['ready', []])
    run.pass(2_000)
    run.next()
    run.send({ type: 'probed', provider: 'two', found: 'ready', detail: '' })
    // One at a time, until it has answered.
    expect(run.starts()).toEqual(['a'])
    run.end('a')
    expect(run.starts()).toEqual(['x', 'y', 'z'])
  })

  it('is not asked again in the same try, however its tier goes on', () => {
    const run = begin([task('a', { retries: 1 })])
    for (let turn = 0; turn < 12 && run.status('a') !== 'failed'; turn++) {
      for (const provider of routes(run)) run.end('a', provider === 'one' ? failure('model_missing') : quota(1_000))
      run.pass(120_000)
    }
    const asked = events(run, 'attempt.started').map((event) => (event.type === 'attempt.started' ? event.route.provider : ''))
    expect(asked.filter((provider) => provider === 'one')).toHaveLength(1)
    expect(asked.length).toBeGreaterThan(5)
  })

  it('is left when it is silent', () => {
    const run = begin([task('a')])
    run.next()
    run.end('a', failure('silent'))
    expect(routes(run)).toEqual(['two'])
  })
})

describe('a task that has left a route', () => {
  it('goes back to it when the next one is away, and it may do by now', () => {
    const run = begin([task('a', { retries: 1 })])
    run.next()
    run.end('a', failure('provider_down'))
    expect(routes(run)).toEqual(['two'])
    run.end('a', failure('auth'))
    run.pass(2_000)
    expect(routes(run)).toContain('one')
    run.end('a')
    expect(run.status('a')).toBe('complete')
  })

  it('pays for no more answers than it has tries, whatever the routes before say', () => {
    const run = begin([task('a', { retries: 1, checks: CHECK, max_tier: 'local' })])
    let answers = 0
    for (let turn = 0; turn < 30 && run.status('a') !== 'incomplete'; turn++) {
      for (const command of run.next()) {
        if (command.type === 'check') run.send({ type: 'checks-ended', task: 'a', attempt: command.attempt, rows: row(false) })
        if (command.type !== 'start-attempt') continue
        if (command.route.provider === 'two') answers++
        run.end('a', command.route.provider === 'two' ? undefined : { result: 'failed', kind: 'provider_down', message: '503', retry_after_ms: 0, unspent: true, duration_ms: 1 })
      }
      run.pass(1_500)
    }
    expect(answers).toBe(2)
  })
})

describe('a provider that keeps failing', () => {
  const several = () => {
    const run = begin(['a', 'b', 'c', 'd'].map((id) => task(id, { provider: 'one', retries: 5 })), { max_concurrent: 3 })
    run.next()
    for (const id of ['a', 'b', 'c']) run.end(id, failure('provider_down'))
    return run
  }

  it('rests: nothing is sent to it, and one question asks whether it is back', () => {
    const run = several()
    expect(run.next()).toEqual([])
    expect(manifestOf(run.state).providers).toMatchObject([{ provider: 'one', is: 'resting', until: '2026-11-20T12:00:02.000Z' }])
    run.pass(2_000)
    expect(run.next()).toEqual([{ type: 'probe', provider: 'one' }])
    run.pass(10_000)
    expect(run.next()).toEqual([])
    run.send({ type: 'probed', provider: 'one', found: 'ready', detail: '' })
    // It is tried by one task, before all the others.
    const [id = '', ...others] = run.starts()
    expect(others).toEqual([])
    run.end(id)
    expect(routes(run)).toEqual(['one', 'one', 'one'])
  })

  it('is asked less and less often, and goes to rest again at its next failure', () => {
    const run = several()
    const rests: number[] = []
    for (const rest of [2_000, 4_000, 8_000]) {
      run.pass(rest)
      rests.push(run.next().length)
      run.send({ type: 'probed', provider: 'one', found: 'unreachable', detail: 'no answer' })
    }
    expect(rests).toEqual([1, 1, 1])
    run.pass(15_999)
    expect(run.next()).toEqual([])
    run.pass(1)
    run.next()
    run.send({ type: 'probed', provider: 'one', found: 'ready', detail: '' })
    const [id = ''] = run.starts()
    run.end(id, failure('provider_down'))
    expect(run.state.conditions.get('one')).toMatchObject({ is: 'resting' })
  })

  it('is left out by tasks that have another route, and told as the reason', () => {
    const run = begin(['a', 'b', 'c'].map((id) => task(id)))
    run.next()
    for (const id of ['a', 'b', 'c']) run.end(id, failure('provider_down'))
    run.next()
    run.add({ ...plan(task('d', { file: 'other.md' })), files: [] })
    const [start] = run.next()
    expect(start).toMatchObject({ spec: { id: 'd' }, route: { provider: 'two', reason: 'local is the default tier; one is down, and is asked again at 2026-11-20 12:00:02 UTC' } })
  })

  it('is waited for as long as patience allows; then the conductor leaves, and nothing is lost', () => {
    const run = several()
    for (let i = 0; i < 8 && run.state.phase.phase === 'open'; i++) {
      run.pass(60_000)
      run.next()
      run.send({ type: 'probed', provider: 'one', found: 'unreachable', detail: 'no answer' })
      run.next()
    }
    expect(run.state.phase).toEqual({ phase: 'stopped', reason: '4 tasks wait for a provider' })
    run.resume()
    expect(run.starts()).toHaveLength(3)
  })

  it('that only a person can mend is not asked again, and its tasks are there when it is mended', () => {
    const run = begin(['a', 'b'].map((id) => task(id, { provider: 'one' })), { max_concurrent: 1 })
    run.next()
    run.end('a', failure('auth'))
    expect(run.next()).toEqual([])
    run.pass(2_000)
    run.next()
    run.send({ type: 'probed', provider: 'one', found: 'misconfigured', detail: 'wrong key' })
    expect(events(run, 'provider.gone')).toMatchObject([{ provider: 'one', reason: 'wrong key' }])
    expect(run.next()).toMatchObject([{ type: 'leave', reason: '2 tasks wait for a provider' }])
    run.resume()
    expect(run.starts()).toEqual(['a'])
  })

  it('costs its tasks no try: they wait, and do not fail', () => {
    const run = begin([task('a', { provider: 'one', retries: 2 })])
    for (const wait of [1_000, 2_000, 2_000]) {
      run.next()
      run.end('a', failure('provider_down'))
      run.pass(wait)
    }
    expect([run.status('a'), run.state.tasks.get('a')?.tries]).toEqual(['ready', 0])
    run.next()
    run.send({ type: 'probed', provider: 'one', found: 'ready', detail: '' })
    expect(run.starts()).toEqual(['a'])
    run.end('a')
    expect(run.status('a')).toBe('complete')
  })

  it('that has answered meanwhile is up again as any other', () => {
    const run = begin(['a', 'b', 'c', 'd'].map((id) => task(id, { provider: 'one', retries: 5 })))
    run.next()
    for (const id of ['a', 'b', 'c']) run.end(id, failure('provider_down'))
    run.end('d')
    run.pass(2_000)
    // Not one at a time, as after its own word that it is back.
    expect(run.starts()).toEqual(['a', 'b', 'c'])
    run.end('a', failure('provider_down'))
    expect(run.state.conditions.get('one')).toMatchObject({ is: 'up', failures: 1, proved: undefined })
  })

  it('is given up after its patience, however often it says that it is back', () => {
    const run = begin(['a', 'b', 'c', 'd'].map((id) => task(id, { provider: 'one', retries: 100 })))
    let attempts = 0
    for (let turn = 0; turn < 200 && run.state.phase.phase === 'open'; turn++) {
      for (const command of run.next()) {
        if (command.type === 'probe') run.send({ type: 'probed', provider: 'one', found: 'ready', detail: '' })
        if (command.type !== 'start-attempt') continue
        attempts++
        run.end(command.spec.id, failure('provider_down'))
      }
      run.pass(2_000)
    }
    // Four at first, then one for each time that it says so, less and less often.
    expect(attempts).toBeLessThan(10)
    expect(run.state.conditions.get('one')).toMatchObject({ is: 'gone', reason: 'it was provider_down' })
    expect(run.state.phase).toMatchObject({ phase: 'stopped' })
  })

  it('costs no task its life before it was asked, not even one without retries', () => {
    const run = begin([task('a', { provider: 'one', retries: 0 })])
    run.next()
    run.end('a', failure('provider_down'))
    run.pass(2_000)
    expect([run.status('a'), run.next()]).toEqual(['ready', [{ type: 'probe', provider: 'one' }]])
    run.send({ type: 'probed', provider: 'one', found: 'ready', detail: '' })
    run.next()
    run.end('a', failure('provider_down'))
    expect(run.status('a')).toBe('failed')
  })

  it('that is tried again does not keep its tasks from the next route', () => {
    const run = begin(['a', 'b'].map((id) => task(id)))
    run.next()
    for (let i = 0; i < 2; i++) {
      for (const id of ['a', 'b']) run.end(id, i === 0 ? quota(0) : failure('interrupted'))
      run.state.conditions.set('one', { is: 'up', failures: 0, proved: undefined, waits: 2 })
      if (i === 0) run.next()
    }
    expect(routes(run)).toEqual(['one', 'two'])
  })

  it('is not blamed for ever: a task that fails on it whenever it says that it is back, fails', () => {
    const run = begin([task('z', { provider: 'one' }), task('a', { provider: 'one', retries: 2 })], { routing: { ...SETUP.routing, patience_s: 6000 } })
    run.next()
    run.end('z')
    run.end('a', failure('provider_down'))
    run.pass(1_000)
    for (let turn = 0; turn < 20 && run.status('a') !== 'failed'; turn++) {
      for (const command of run.next()) {
        if (command.type === 'start-attempt') run.end('a', failure('provider_down'))
        if (command.type === 'probe') run.send({ type: 'probed', provider: 'one', found: 'ready', detail: '' })
      }
      run.pass(60_000)
    }
    expect(run.status('a')).toBe('failed')
    expect(run.state.tasks.get('a')?.attempts).toHaveLength(3 + 3)
  })

  it('that has never answered in this run is given up sooner', () => {
    const away = (answered: boolean) => {
      const run = begin(['a', 'b', 'c', 'd'].map((id) => task(id, { provider: 'one', retries: 5 })), { max_concurrent: 4, routing: { ...SETUP.routing, patience_s: 600 } })
      run.next()
      if (answered) run.end('d')
      for (const id of ['a', 'b', 'c']) run.end(id, failure('provider_down'))
      run.pass(35_000)
      run.next()
      run.send({ type: 'probed', provider: 'one', found: 'unreachable', detail: 'no answer' })
      return run.state.conditions.get('one')?.is
    }
    expect([away(false), away(true)]).toEqual(['gone', 'resting'])
  })

  it('is asked for ever by a conductor that stays', () => {
    const run = begin(['a', 'b', 'c'].map((id) => task(id, { provider: 'one', retries: 5 })), { when_held: 'stay' })
    run.next()
    for (const id of ['a', 'b', 'c']) run.end(id, failure('provider_down'))
    for (let i = 0; i < 20; i++) {
      run.pass(60_000)
      expect(run.next()).toEqual([{ type: 'probe', provider: 'one' }])
      run.send({ type: 'probed', provider: 'one', found: 'unreachable', detail: 'no answer' })
    }
  })
})

describe('a quota that is used up', () => {
  it('keeps its provider waiting until it is due, and counts as nobody’s failure', () => {
    const run = begin([task('a', { provider: 'one', retries: 0 }), task('b', { provider: 'best' })])
    run.next()
    run.end('a', quota(30_000))
    run.end('b')
    expect(run.next()).toEqual([])
    expect([run.status('a'), run.status('b')]).toEqual(['ready', 'complete'])
    expect(manifestOf(run.state).tasks[0]?.reason).toBe('one is left alone until 2026-11-20 12:00:30 UTC')
    run.pass(30_000)
    expect(routes(run)).toEqual(['one'])
  })

  it('sends its tasks over the next route of their tier', () => {
    const run = begin([task('a')])
    run.next()
    run.end('a', quota(30_000))
    expect(routes(run)).toEqual(['two'])
  })

  it('is asked again when a person says so', () => {
    const run = begin([task('a', { provider: 'one' })])
    run.next()
    run.end('a', quota(3_600_000))
    run.send({ type: 'retry-now', by: 'test' })
    expect(routes(run)).toEqual(['one'])
  })

  it('of which nobody knows when it is due lets the conductor leave, and the next one ask again', () => {
    const run = begin([task('a', { provider: 'one' })])
    run.next()
    run.end('a', failure('quota_exhausted'))
    run.next()
    expect(run.state.phase).toMatchObject({ phase: 'stopped' })
    run.resume()
    expect(routes(run)).toEqual(['one'])
  })

  it('of which nobody was asked is asked for again after a kill, as the logs of earlier versions have it', () => {
    const run = begin([task('a', { provider: 'one' })])
    run.next()
    run.end('a', failure('quota_exhausted'))
    run.resume()
    expect(run.state.conditions.get('one')).toBeUndefined()
    expect(routes(run)).toEqual(['one'])
  })

  it('that is due at once is not asked for at once: a server could say so for ever', () => {
    const run = begin([task('a', { provider: 'one' })])
    run.next()
    run.end('a', quota(0))
    expect(run.next()).toEqual([])
    run.pass(2_000)
    expect(routes(run)).toEqual(['one'])
  })

  it('that is used up again and again is left alone for longer each time, and then tried by one attempt', () => {
    const ids = ['a', 'b', 'c']
    const run = begin(ids.map((id) => task(id, { provider: 'one' })))
    const waits: number[] = []
    for (const wait of [2_000, 4_000, 8_000]) {
      const started = run.starts()
      waits.push(started.length)
      for (const id of started) run.end(id, quota(0))
      run.pass(wait - 1)
      expect(run.starts()).toEqual([])
      run.pass(1)
    }
    expect(waits).toEqual([3, 3, 1])
    const [id = ''] = run.starts()
    run.end(id)
    expect(run.starts()).toHaveLength(2)
  })

  it('is believed until the latest time that any attempt was told', () => {
    const run = begin(['a', 'b'].map((id) => task(id, { provider: 'one' })))
    run.next()
    run.end('a', quota(30_000))
    run.end('b', quota(5_000))
    run.pass(5_000)
    expect(run.next()).toEqual([])
  })

  it('is waited for where the server names no time, or goes over another route', () => {
    const run = begin([task('a', { provider: 'one', retries: 0 }), task('b', { retries: 0 })])
    run.next()
    run.end('a', quota())
    run.end('b', quota())
    expect(routes(run)).toEqual(['two'])
    run.pass(2_000)
    expect(routes(run)).toEqual(['one'])
  })

  it('is looked at once an hour by a conductor that stays, where an account has nothing left', () => {
    const run = begin([task('a', { provider: 'one' })], { when_held: 'stay' })
    run.next()
    run.end('a', failure('quota_exhausted'))
    expect(routes(run)).toEqual([])
    run.pass(3_599_000)
    expect(routes(run)).toEqual([])
    run.pass(1_000)
    expect(routes(run)).toEqual(['one'])
  })
})

describe('checks that are not met', () => {
  const oneShort = (more: Partial<Settings> = {}, spec: Parameters<typeof task>[1] = {}) => {
    const run = begin([task('a', { checks: CHECK, ...spec })], more)
    run.next()
    for (let i = 0; i < 2; i++) {
      run.end('a')
      check(run, 'a', false)
      run.next()
    }
    return run
  }

  it('are tried again in the tier, with word of what was missing, and then in the next tier', () => {
    const run = begin([task('a', { checks: CHECK })])
    run.next()
    run.end('a')
    check(run, 'a', false)
    expect(run.next()).toMatchObject([{ route: { provider: 'one' }, feedback: [{ passed: false }] }])
    run.end('a')
    check(run, 'a', false)
    expect(run.next()).toMatchObject([{ route: { provider: 'best', tier: 'complex' }, feedback: [{ passed: false }] }])
    expect(events(run, 'route.changed')).toMatchObject([{ why: 'escalation', rung: 1 }])
  })

  it('show what each tier has cost, and which one passed', () => {
    const tariff = { rates: { input_per_mtok: 1, output_per_mtok: 10 } }
    const prices: RoutePrice[] = [
      { provider: 'one', model: 'm', price: { kind: 'free' } },
      { provider: 'two', model: 'm', price: { kind: 'free' } },
      { provider: 'best', model: 'big', price: { kind: 'tokens', tariff, source: 'config' } },
    ]
    const run = begin([task('a', { checks: CHECK, retries: 0 })], {}, prices)
    const usage = { input: 100, output: 20 }
    for (const passed of [false, true]) {
      run.next()
      run.end('a', { result: 'answered', finish: 'stop', duration_ms: 1, usage })
      check(run, 'a', passed)
    }
    expect(manifestOf(run.state).tasks[0]?.spending).toMatchObject([
      { tier: 'local', provider: 'one', model: 'm', attempts: 1, cost_micro_usd: 0, passed: false },
      { tier: 'complex', provider: 'best', model: 'big', attempts: 1, cost_micro_usd: 300, passed: true },
    ])
  })

  it('end a task that is at the highest tier it may have', () => {
    expect(oneShort({}, { max_tier: 'local' }).status('a')).toBe('incomplete')
    expect(oneShort({ routing: { ...SETUP.routing, max_tier: 'local' } }).status('a')).toBe('incomplete')
    expect(oneShort({}, { provider: 'one' }).status('a')).toBe('incomplete')
    expect(oneShort().status('a')).toBe('running')
  })

  it('end a task whose next tier may cost more than the task may', () => {
    const tariff = { rates: { input_per_mtok: 1, output_per_mtok: 10 } }
    const free = { kind: 'free' } as const
    const prices: RoutePrice[] = [
      { provider: 'one', model: 'm', price: free },
      { provider: 'two', model: 'm', price: free },
      { provider: 'best', model: 'big', price: { kind: 'tokens', tariff, source: 'config' } },
    ]
    const run = begin([task('a', { checks: CHECK, retries: 0, max_cost_usd: 0.001 })], {}, prices)
    run.next()
    run.end('a')
    check(run, 'a', false)
    run.next()
    expect(run.state.tasks.get('a')?.state).toMatchObject({ status: 'incomplete', reason: expect.stringMatching(/^the task's limit of \$0\.001 would be passed/) })
  })

  it('leave a task in its tier when the conductor is resumed', () => {
    const run = oneShort()
    run.resume()
    expect(run.next()).toMatchObject([{ route: { provider: 'best' } }])
  })
})

describe('an agent that was interrupted', () => {
  it('is gone on with in the same session, which knows what was charged for it', () => {
    const run = begin([task('a', { provider: 'best' })], {}, [{ provider: 'best', model: 'big', price: { kind: 'capped', most_micro_usd: 500 } }])
    expect(run.next()).toMatchObject([{ session: { attempt: 1, spent_micro_usd: 0 }, limits: { max_cost_micro_usd: 500 } }])
    run.resume()
    expect(run.next()).toMatchObject([{ attempt: 2, session: { attempt: 1, spent_micro_usd: 500 } }])
    run.end('a', failure('timeout'))
    run.pass(60_000)
    expect(run.next()).toMatchObject([{ attempt: 3, session: { attempt: 3, spent_micro_usd: 0 } }])
  })
})

describe('a provider that says how long it will be down', () => {
  const busy = (retry_after_ms: number): Outcome => ({ result: 'failed', kind: 'provider_down', message: '503', retry_after_ms, unspent: true, duration_ms: 1 })

  it('rests for as long, but not for hours, and is asked by a question', () => {
    const run = begin([task('a', { provider: 'one', retries: 0 })])
    run.next()
    run.end('a', busy(30_000))
    expect(run.state.conditions.get('one')).toMatchObject({ is: 'resting', until: '2026-11-20T12:00:30.000Z' })
    run.pass(30_000)
    expect(run.next()).toEqual([{ type: 'probe', provider: 'one' }])
    run.send({ type: 'probed', provider: 'one', found: 'ready', detail: '' })
    run.next()
    run.end('a')
    const other = begin([task('a', { provider: 'one' })])
    other.next()
    other.end('a', busy(8 * 24 * 3_600_000))
    expect(other.state.conditions.get('one')).toMatchObject({ until: '2026-11-20T12:10:00.000Z' })
  })

  it('is given up after its patience, if it says so for ever', () => {
    const run = begin(['a', 'b', 'c'].map((id) => task(id, { provider: 'one', retries: 100 })))
    for (let turn = 0; turn < 300 && run.state.phase.phase === 'open'; turn++) {
      for (const command of run.next()) {
        if (command.type === 'probe') run.send({ type: 'probed', provider: 'one', found: 'ready', detail: '' })
        if (command.type === 'start-attempt') run.end(command.spec.id, busy(0))
      }
      run.pass(1_000)
    }
    expect(run.state.phase).toMatchObject({ phase: 'stopped' })
  })
})
