import { describe, expect, it } from 'vitest'
import { whyNot } from '../../src/core/steering.ts'
import { eventLine } from '../../src/core/views/event-line.ts'
import { manifestOf } from '../../src/core/views/manifest.ts'
import { conductor, failure } from './conductor.ts'
import { plan, settings, task } from './specs.ts'

type Conductor = ReturnType<typeof conductor>

const by = 'ada'
/** What a refused intent says. */
const refused = (run: Conductor, intent: Parameters<Conductor['send']>[0]) => run.send(intent)?.problems.map(({ message }) => message)
const reason = (run: Conductor, id: string) => manifestOf(run.state).tasks.find((entry) => entry.id === id)?.reason
/** What people are told of a run from its first so many events on. */
const told = (run: Conductor, from: number) => run.log.slice(from).map((event) => [event, eventLine(event, run.state.settings)] as const).filter(([, { detail }]) => !detail).map(([, { subject, text }]) => `${subject}: ${text}`)

describe('approving one task', () => {
  const held = task('deploy', { requires_approval: true })

  it('lets that one go on, and leaves the others held', () => {
    const run = conductor({ when_held: 'stay' })
    run.add(plan(held, task('publish', { requires_approval: true })))
    run.next()
    expect(run.send({ type: 'approve', task: 'deploy', by })).toBeUndefined()
    expect(run.starts()).toEqual(['deploy'])
    expect(run.status('publish')).toBe('held')
    expect(run.log).toContainEqual(expect.objectContaining({ type: 'gate.answered', task: 'deploy', answer: 'approved', by }))
  })

  it('is refused with what the task does instead', () => {
    const run = conductor({ when_held: 'stay', retries: 1 })
    run.add(plan(task('builder'), task('flaky'), task('qa', { depends_on: ['builder', 'flaky'] })))
    run.next()
    run.end('flaky', failure('timeout'))
    expect(refused(run, { type: 'approve', task: 'builder', by })).toEqual(['"builder" is running: there is nothing to approve'])
    expect(refused(run, { type: 'approve', task: 'qa', by })).toEqual(['"qa" waits for "builder", "flaky": there is nothing to approve'])
    expect(refused(run, { type: 'approve', task: 'flaky', by })?.[0]).toMatch(/^"flaky" waits for its next try at .*: there is nothing to approve$/)
    expect(refused(run, { type: 'approve', task: 'nobody', by })).toEqual(['there is no task "nobody" in this run'])
    run.end('builder')
    expect(refused(run, { type: 'approve', task: 'builder', by })).toEqual(['"builder" is complete: there is nothing to approve'])
  })

  it('is no way around a limit: it says what is', () => {
    const limits = { ...settings().budget, run: 5 }
    const run = conductor({ when_held: 'stay', budget: limits }, [{ provider: 'rehearsal', price: { kind: 'fixed', micro_usd: 7 } }])
    run.add(plan(task('dear')))
    run.next()
    expect(refused(run, { type: 'approve', task: 'dear', by })?.[0]).toMatch(/^"dear" waits for money, not for approval: .*budget\.per_run_usd.*; raise the limit in config\.json and resume the run$/)
  })

  it('says where the task stands that it cannot approve', () => {
    const run = conductor()
    run.add(plan(task('a', { file: 'a.md', line: 7 })))
    expect(run.send({ type: 'approve', task: 'a', by })?.problems).toEqual([{ file: 'a.md', line: 7, message: '"a" is ready: there is nothing to approve' }])
  })
})

describe('pausing the run', () => {
  it('lets what runs end, checks included, and starts nothing new until it is unpaused', () => {
    const run = conductor({ max_concurrent: 1, when_held: 'stay' })
    run.add(plan(task('a', { checks: [{ rule: 'contains', value: 'x' }] }), task('b')))
    run.next()
    run.send({ type: 'pause', by })
    run.end('a')
    expect(run.next()).toContainEqual(expect.objectContaining({ type: 'check' }))
    run.send({ type: 'checks-ended', task: 'a', attempt: 1, rows: [] })
    expect(run.status('a')).toBe('complete')
    expect(run.starts()).toEqual([])
    expect(reason(run, 'b')).toBe('not started: the run is paused by ada')
    run.send({ type: 'unpause', by })
    expect(run.starts()).toEqual(['b'])
  })

  it('waits for what runs, and then leaves with what is to be tried again, where nobody stays', () => {
    const run = conductor({ retries: 1 })
    run.add({ ...plan(task('a'), task('b')), files: [] })
    run.next()
    run.send({ type: 'pause', by })
    run.end('a', failure('timeout'))
    expect(run.next()).toEqual([])
    run.end('b')
    expect(run.next()).toEqual([{ type: 'leave', reason: 'paused' }])
  })

  it('holds after a crash', () => {
    const run = conductor({ when_held: 'stay' })
    run.add({ ...plan(task('a')), files: [] })
    run.send({ type: 'pause', by })
    run.resume()
    expect(run.starts()).toEqual([])
    run.send({ type: 'unpause', by })
    expect(run.starts()).toEqual(['a'])
  })

  it('keeps a conductor that stays even where no money is left: nothing of it is handed on', () => {
    const run = conductor({ when_held: 'stay', budget: { ...settings().budget, run: 5 } }, [{ provider: 'rehearsal', price: { kind: 'fixed', micro_usd: 7 } }])
    run.add({ ...plan(task('dear'), task('later', { work: { kind: 'command', command: 'true' } })), files: [] })
    run.send({ type: 'pause', by, task: 'later' })
    expect(run.next().map(({ type }) => type)).toEqual(['open-gate'])
    run.send({ type: 'pause', by })
    run.send({ type: 'unpause', by, task: 'later' })
    expect(run.next()).toEqual([])
  })

  it('is refused where it is so already', () => {
    const run = conductor({ when_held: 'stay' })
    run.add({ ...plan(task('a')), files: [] })
    expect(run.send({ type: 'unpause', by })?.problems).toEqual([{ file: 'runs/r', message: 'the run is not paused' }])
    run.send({ type: 'pause', by })
    expect(refused(run, { type: 'pause', by: 'bob' })).toEqual(['the run is paused already, by ada'])
    run.send({ type: 'unpause', by })
    run.next()
    run.end('a')
    run.next()
    expect(refused(run, { type: 'pause', by })).toEqual(['the run is over'])
  })

  it('ends with the run', () => {
    const run = conductor()
    run.add({ ...plan(task('a')), files: [] })
    run.next()
    run.send({ type: 'pause', by })
    run.end('a')
    expect(run.next()).toEqual([{ type: 'close', status: 'succeeded' }])
    expect(run.state.paused).toBeUndefined()
  })
})

describe('pausing one task', () => {
  it('holds it where it would be ready, and lets its lane pass', () => {
    const run = conductor({ max_concurrent: 1 })
    run.add(plan(task('first', { priority: 'high' }), task('second')))
    run.send({ type: 'pause', by, task: 'first' })
    expect(run.status('first')).toBe('held')
    expect(reason(run, 'first')).toBe('paused by ada')
    expect(run.starts()).toEqual(['second'])
    run.end('second')
    run.send({ type: 'unpause', by, task: 'first' })
    expect(run.starts()).toEqual(['first'])
  })

  it('waits for what a task waits for, whatever that is', () => {
    const run = conductor({ retries: 1, when_held: 'stay' })
    run.add(plan(task('a'), task('b', { depends_on: ['a'] }), task('c', { requires_approval: true })))
    run.next()
    for (const id of ['a', 'b', 'c']) expect(run.send({ type: 'pause', by, task: id })).toBeUndefined()
    expect(['a', 'b', 'c'].map((id) => run.status(id))).toEqual(['running', 'waiting', 'held'])
    expect([reason(run, 'a'), reason(run, 'b'), reason(run, 'c')]).toEqual(['paused by ada, once this attempt has ended', 'paused by ada', 'waits for approval'])
    run.end('a', failure('timeout'))
    run.pass(60_000)
    run.send({ type: 'approve', task: 'c', by })
    expect(['a', 'c'].map((id) => run.state.tasks.get(id)?.state)).toEqual([
      { status: 'held', gate: 'paused', since: run.now(), by },
      { status: 'held', gate: 'paused', since: run.now(), by },
    ])
    expect(run.starts()).toEqual([])
    run.send({ type: 'unpause', by, task: 'a' })
    run.send({ type: 'unpause', by, task: 'b' })
    expect(run.starts()).toEqual(['a'])
    run.end('a')
    expect(run.starts()).toEqual(['b'])
  })

  it('leaves to be resumed when nothing else is left, and holds after a crash', () => {
    const run = conductor()
    run.add({ ...plan(task('a'), task('b')), files: [] })
    run.send({ type: 'pause', by, task: 'a' })
    run.next()
    run.end('b')
    expect(run.next()).toEqual([{ type: 'leave', reason: 'a task is paused' }])
    run.resume()
    expect(run.next()).toEqual([{ type: 'leave', reason: 'a task is paused' }])
  })

  it('is refused for what has ended, and for what is so already', () => {
    const run = conductor()
    run.add(plan(task('a'), task('b')))
    expect(refused(run, { type: 'unpause', by, task: 'a' })).toEqual(['"a" is not paused'])
    run.send({ type: 'pause', by, task: 'a' })
    expect(refused(run, { type: 'pause', by, task: 'a' })).toEqual(['"a" is paused already, by ada'])
    expect(refused(run, { type: 'approve', by, task: 'a' })).toEqual(['"a" is paused: there is nothing to approve'])
    run.send({ type: 'pause', by })
    expect(refused(run, { type: 'unpause', by, task: 'b' })).toEqual(['"b" is not paused: the whole run is'])
    run.send({ type: 'unpause', by })
    run.next()
    run.end('b', failure('bad_request'))
    expect(refused(run, { type: 'pause', by, task: 'b' })).toEqual(['"b" has failed: there is nothing to pause'])
  })
})

describe('what a person asks for', () => {
  it('can be asked about before it is sent, and nothing happens', () => {
    const run = conductor()
    run.add(plan(task('a')))
    const events = run.log.length
    expect(whyNot(run.state, { type: 'approve', task: 'a', by })).toBe('"a" is ready: there is nothing to approve')
    expect(whyNot(run.state, { type: 'pause', task: 'a', by })).toBeUndefined()
    expect(run.log).toHaveLength(events)
  })

  it('is told in a line each', () => {
    const run = conductor({ when_held: 'stay' })
    run.add({ ...plan(task('a')), files: [] })
    const from = run.log.length
    run.send({ type: 'pause', by })
    run.send({ type: 'unpause', by })
    run.send({ type: 'pause', by, task: 'a' })
    run.send({ type: 'unpause', by, task: 'a' })
    expect(told(run, from)).toEqual([
      ': paused by ada: what runs comes to its end, and nothing new is started',
      ': goes on: ada has ended the pause',
      'a: paused by ada',
      'a: goes on: ada has ended its pause',
    ])
  })
})
