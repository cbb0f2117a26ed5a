import { describe, expect, it } from 'vitest'
import { paceOf } from '../../../src/core/views/pace.ts'
import { ANSWERED, conductor, failure } from '../conductor.ts'
import { plan, task } from '../specs.ts'

type Conductor = ReturnType<typeof conductor>

const left = ({ state, now }: Conductor) => {
  const pace = paceOf()
  for (const each of state.tasks.values()) pace.take(each)
  return pace.left(state, Date.parse(now()))
}

/** Runs what is ready for so long, and ends it. */
function round(run: Conductor, ms: number): void {
  const ids = run.starts()
  run.pass(ms)
  for (const id of ids) run.end(id)
}

describe('how long a run may still take', () => {
  it('is not known before anything has completed', () => {
    const run = conductor({ max_concurrent: 1 })
    run.add(plan(task('a'), task('b')))
    expect(left(run)).toBeUndefined()
    run.next()
    run.pass(5_000)
    expect(left(run)).toBeUndefined()
    run.end('a', failure('bad_request'))
    run.next()
    expect(left(run)).toBeUndefined()
  })

  it('is what is left, at the pace of what is done, over the slots', () => {
    const run = conductor({ max_concurrent: 2 })
    run.add(plan(...Array.from({ length: 10 }, (_, index) => task(`t${index}`))))
    round(run, 10_000)
    expect(left(run)).toBe(40_000)
  })

  it('is at least the critical path, however many slots there are', () => {
    const run = conductor({ max_concurrent: 50 })
    run.add(plan(task('a'), task('b', { depends_on: ['a'] }), task('c', { depends_on: ['b'] }), task('d', { depends_on: ['c'] })))
    round(run, 10_000)
    expect(left(run)).toBe(30_000)
  })

  it('becomes less while a task runs, and not less than nothing when it runs long', () => {
    const run = conductor({ max_concurrent: 1 })
    run.add(plan(task('a'), task('b')))
    round(run, 10_000)
    run.next()
    run.pass(4_000)
    expect(left(run)).toBe(6_000)
    run.pass(60_000)
    expect(left(run)).toBe(0)
  })

  it('knows that tasks of another type or tier take another time', () => {
    const run = conductor({ max_concurrent: 1 })
    run.add(plan(task('fast', { type: 'fix' }), task('slow', { type: 'docs' }), ...['a', 'b', 'c'].map((id) => task(id, { type: 'docs', priority: 'low' }))))
    round(run, 1_000)
    round(run, 60_000)
    expect(left(run)).toBe(180_000)
  })

  it('learns nothing from answers that came from the cache', () => {
    const run = conductor({ max_concurrent: 1 })
    run.add(plan(task('a'), task('b')))
    run.next()
    run.end('a', { ...ANSWERED, cached: true })
    expect(left(run)).toBeUndefined()
  })
})
