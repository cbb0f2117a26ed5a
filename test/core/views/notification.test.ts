import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Notification } from '../../../src/core/views/notification.ts'
import { notificationOf } from '../../../src/core/views/notification.ts'
import { reduce } from '../../../src/core/reduce.ts'
import { emptyState } from '../../../src/core/state.ts'
import { conductor, failure } from '../conductor.ts'
import { plan, task } from '../specs.ts'

/** Tasks of a file that nobody has dropped: it is not filed away. */
const named = (...tasks: Parameters<typeof plan>) => {
  const { files, ...rest } = plan(...tasks)
  return { ...rest, files: files.map((file) => ({ ...file, inbox: false })) }
}

/** What a run gives to tell, from its first event on. */
function toldOf({ log }: Pick<ReturnType<typeof conductor>, 'log'>): Notification[] {
  const state = emptyState()
  return log.flatMap((event) => notificationOf(event, reduce(state, event)) ?? [])
}

const eventsOf = (run: Pick<ReturnType<typeof conductor>, 'log'>) => toldOf(run).map(({ event, task: about }) => (about === undefined ? event : `${event} ${about.id}`))

describe('what is told of a run', () => {
  it('is the beginning of a task once, however often it is tried', () => {
    const run = conductor({ retries: 2 })
    run.add(named(task('a')))
    for (let tries = 0; tries < 3; tries++) {
      run.next()
      run.end('a', failure('timeout'))
      run.pass(600_000)
    }
    run.next()
    expect(eventsOf(run)).toEqual(['session_start', 'task_start a', 'task_failed a', 'session_complete'])
    expect(toldOf(run).find(({ event }) => event === 'task_failed')).toMatchObject({ task: { status: 'failed', attempts: 3, reason: expect.stringContaining('it was timeout') } })
  })

  it('is its beginning once more when a person wants it done again', () => {
    const run = conductor({ when_held: 'stay' })
    run.add(named(task('a'), task('held', { requires_approval: true })))
    run.next()
    run.end('a', failure('bad_request'))
    run.next()
    run.send({ type: 'retry', task: 'a', by: 'ada', descendants: false })
    run.next()
    run.end('a')
    run.next()
    expect(eventsOf(run).filter((told) => told.endsWith(' a'))).toEqual(['task_start a', 'task_failed a', 'task_start a', 'task_complete a'])
  })

  it('is one question, however many tasks wait for the same quota', () => {
    const run = conductor({ when_held: 'stay' })
    run.add(named(task('a'), task('b'), task('c'), task('d')))
    run.next()
    run.end('a', failure('quota_exhausted'))
    run.end('b', failure('quota_exhausted'))
    run.next()
    expect(run.log.filter(({ type }) => type === 'gate.opened')).toHaveLength(4)
    expect(eventsOf(run).filter((told) => told.startsWith('question'))).toEqual(['question a'])
  })

  it('is not what a person has ended themselves', () => {
    const run = conductor({ when_held: 'stay' })
    run.add(named(task('a', { requires_approval: true }), task('b', { requires_approval: true })))
    run.next()
    run.send({ type: 'skip', task: 'a', by: 'ada' })
    run.send({ type: 'cancel', task: 'b', by: 'ada' })
    run.next()
    expect(eventsOf(run)).toEqual(['session_start', 'question a', 'question b', 'session_complete'])
  })

  it('is where a conductor has left before the end, and why', () => {
    const run = conductor()
    run.add(named(task('a')))
    run.next()
    run.send({ type: 'stop', reason: 'SIGTERM' })
    run.next()
    run.end('a', failure('interrupted'))
    run.next()
    expect(toldOf(run).at(-1)).toMatchObject({ event: 'session_complete', summary: { status: 'stopped', reason: 'SIGTERM', counts: { ready: 1 }, duration_s: 0 } })
    run.resume()
    expect(toldOf(run).at(-1)).toMatchObject({ event: 'session_start' })
  })

  it('holds no control character, whatever a task is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }), (title) => {
        const run = conductor()
        run.add(named(task('a', { title: `\u001b]0;${title}\u0007` })))
        run.next()
        expect(toldOf(run).every(({ task: about }) => !/\p{Cc}/u.test(about?.title ?? ''))).toBe(true)
      }),
    )
  })

  it('has an id of its own, which is the same when the log is read again', () => {
    const run = conductor()
    run.add(named(task('a'), task('b', { depends_on: ['a'] })))
    run.next()
    run.end('a')
    run.next()
    const ids = toldOf(run).map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(toldOf(run).map(({ id }) => id)).toEqual(ids)
  })
})
