import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RunState } from '../../../src/core/state.ts'
import type { TaskStatus } from '../../../src/core/task-state.ts'
import { QUEUE_SORTS, queueKey, queueOrder, queuePlace, type QueueSort } from '../../../src/core/views/queue-order.ts'
import { anyCourse, playCourse } from '../any-run.ts'
import { ANSWERED, conductor, failure } from '../conductor.ts'
import { plan, settings, task } from '../specs.ts'

const sorted = (state: RunState, sort: QueueSort) =>
  [...state.tasks.values()]
    .map((each) => queueKey(each, state, sort))
    .sort(queueOrder)
    .map(({ id }) => id)

/** How much a task asks of the person who looks, from its status alone. */
const TURN: Record<TaskStatus, number> = { held: 0, running: 1, checking: 1, ready: 2, waiting: 3, failed: 4, incomplete: 4, blocked: 5, cancelled: 6, skipped: 6, complete: 7 }

describe('the order of the queue', () => {
  it('is total, whatever has happened: each two tasks stand before and behind each other, in every way of sorting', () => {
    fc.assert(
      fc.property(anyCourse, fc.constantFrom(...QUEUE_SORTS), (course, sort) => {
        playCourse(course, ({ state }) => {
          const keys = [...state.tasks.values()].map((each) => queueKey(each, state, sort))
          for (const a of keys) {
            for (const b of keys) {
              expect(queueOrder(a, b) === 0).toBe(a.id === b.id)
              expect(Math.sign(queueOrder(a, b)) + Math.sign(queueOrder(b, a))).toBe(0)
              for (const c of keys) if (queueOrder(a, b) < 0 && queueOrder(b, c) < 0) expect(queueOrder(a, c)).toBeLessThan(0)
            }
          }
        })
      }),
      { numRuns: 60 },
    )
  })

  it('begins with what needs a person; then what runs, what comes next, what waits, what went wrong, what went well', () => {
    fc.assert(
      fc.property(anyCourse, (course) => {
        playCourse(course, ({ state }) => {
          const turns = sorted(state, 'need').map((id) => {
            const now = state.tasks.get(id)?.state ?? { status: 'complete' }
            // Time, or whoever has paused it, lets go of it.
            const place = queuePlace(now)
            return place === 'budget' || place === 'paused' || place === 'retry' ? 2.5 : TURN[now.status]
          })
          expect(turns).toEqual([...turns].sort((a, b) => a - b))
        })
      }),
      { numRuns: 200 },
    )
  })

  it('tells money that only a person can give from money that another day brings', () => {
    const held = (limit: 'day' | 'month' | 'run' | 'task' | undefined) => queuePlace({ status: 'held', gate: 'budget', id: 'g1', shown: '', due: undefined, since: '2026-11-20T12:00:00.000Z', limit, reason: '' })
    expect(['day', 'month', 'run', 'task', undefined].map((limit) => held(limit as 'day'))).toEqual(['budget', 'budget', 'money', 'money', 'money'])
  })

  it('shows what would start next among those that are ready, and what ended last among those that ended', () => {
    const run = conductor({ max_concurrent: 2 })
    run.add(plan(task('a'), task('b'), task('low', { priority: 'low' }), task('high', { priority: 'high' }), task('long'), task('end', { depends_on: ['long'] })))
    run.send({ type: 'pause', by: 'x' })
    expect(sorted(run.state, 'need')).toEqual(['high', 'long', 'a', 'b', 'low', 'end'])
    run.send({ type: 'unpause', by: 'x' })
    for (let left = 6; left > 0; left -= 2) {
      for (const id of run.starts()) {
        run.pass(1_000)
        run.end(id, id === 'a' ? failure('bad_request') : ANSWERED)
      }
    }
    run.next()
    expect(sorted(run.state, 'need').slice(0, 1)).toEqual(['a'])
    expect(sorted(run.state, 'need').at(-1)).toBe('high')
  })

  it('sorts names as people count: t2 before t10', () => {
    const run = conductor()
    run.add(plan(task('t10'), task('T2'), task('t1'), task('b')))
    expect(sorted(run.state, 'name')).toEqual(['b', 't1', 'T2', 't10'])
  })

  it('sorts by tier as the configuration lists them, what has none last', () => {
    const tiers = { cheap: [{ provider: 'rehearsal' }], dear: [{ provider: 'rehearsal' }] }
    const run = conductor({ tiers })
    run.add(plan(task('x', { work: { kind: 'command', command: 'true' } }), task('d', { tier: 'dear' }), task('c', { tier: 'cheap' })))
    expect(sorted(run.state, 'tier')).toEqual(['c', 'd', 'x'])
  })

  it('sorts by time and by cost from the most to the least', () => {
    const run = conductor({ max_concurrent: 3, budget: settings().budget }, [{ provider: 'rehearsal', price: { kind: 'tokens', tariff: { rates: { input_per_mtok: 1, output_per_mtok: 1 } }, source: 'config' } }])
    run.add(plan(task('short'), task('long'), task('runs'), task('waits', { depends_on: ['runs'] })))
    run.next()
    run.pass(1_000)
    run.end('short', { ...ANSWERED, usage: { input: 9_000, output: 9_000 } })
    run.pass(5_000)
    run.end('long', { ...ANSWERED, usage: { input: 10, output: 10 } })
    run.next()
    expect(sorted(run.state, 'time')).toEqual(['runs', 'long', 'short', 'waits'])
    expect(sorted(run.state, 'cost').slice(0, 2)).toEqual(['short', 'long'])
  })
})
