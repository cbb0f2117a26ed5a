import { describe, expect, it } from 'vitest'
import { isThroughWith } from '../../src/core/reduce-file.ts'
import { eventLine } from '../../src/core/views/event-line.ts'
import { manifestOf } from '../../src/core/views/manifest.ts'
import { ANSWERED, conductor, failure } from './conductor.ts'
import { plan, task } from './specs.ts'

type Conductor = ReturnType<typeof conductor>

const by = 'ada'
const refused = (run: Conductor, intent: Parameters<Conductor['send']>[0]) => run.send(intent)?.problems.map(({ message }) => message)
const statuses = (run: Conductor) => Object.fromEntries([...run.state.tasks].map(([id, { state }]) => [id, state.status]))
const checks = [{ rule: 'contains', value: 'x' }]
const output = { path: 'outputs/a/output.md', sha256: '0'.repeat(64), size: 3, media_type: 'text/markdown', written: 'new' as const }
const row = { rule: 'contains', expected: 'x', found: 'nothing', passed: false }
/** The statuses that the run wants to have written into its files, each once it comes. */
const filed = (run: Conductor) =>
  run.next().flatMap((command) => {
    if (command.type !== 'file') return []
    run.send({ type: 'filed', file: command.file, status: command.status, path: command.path })
    return [`${command.file} ${command.status}`]
  })

describe('skipping a task', () => {
  it('ends it, and what depends on it goes on', () => {
    const run = conductor({ max_concurrent: 1 })
    run.add(plan(task('busy', { priority: 'high' }), task('a'), task('b', { depends_on: ['a'] })))
    run.next()
    expect(run.send({ type: 'skip', task: 'a', by })).toBeUndefined()
    expect(run.state.tasks.get('a')?.state).toEqual({ status: 'skipped', reason: 'skipped by ada', asked_by: by })
    run.end('busy')
    expect(run.starts()).toEqual(['b'])
  })

  it('hands nothing over, whatever it had answered before', () => {
    const run = conductor({ retries: 1 })
    run.add(plan(task('a', { checks }), task('b', { depends_on: ['a'] })))
    run.next()
    run.end('a', { ...ANSWERED, output })
    run.next()
    run.send({ type: 'checks-ended', task: 'a', attempt: 1, rows: [row] })
    run.send({ type: 'skip', task: 'a', by })
    expect(run.next()).toMatchObject([{ type: 'start-attempt', spec: { id: 'b' }, dependencies: [{ id: 'a', output: undefined }] }])
  })

  it('does not make the run fail', () => {
    const run = conductor()
    run.add({ ...plan(task('a'), task('b')), files: [] })
    run.send({ type: 'skip', task: 'a', by })
    run.next()
    run.end('b')
    expect(run.next()).toEqual([{ type: 'close', status: 'succeeded' }])
    expect(manifestOf(run.state)).toMatchObject({ status: 'succeeded', counts: { skipped: 1, complete: 1 }, tasks: [{ reason: 'skipped by ada' }, {}] })
  })

  it('is possible wherever a task stands that has not ended', () => {
    const run = conductor({ max_concurrent: 9, retries: 1, when_held: 'stay' })
    run.add(plan(task('held', { requires_approval: true }), task('retrying'), task('paused'), task('answered', { checks }), task('waiting', { depends_on: ['held', 'retrying'] })))
    run.next()
    run.end('retrying', failure('timeout'))
    run.end('paused', failure('interrupted'))
    run.send({ type: 'pause', task: 'paused', by })
    run.end('answered')
    expect(statuses(run)).toEqual({ held: 'held', retrying: 'waiting', paused: 'held', answered: 'checking', waiting: 'waiting' })
    for (const id of run.state.tasks.keys()) expect(run.send({ type: 'skip', task: id, by })).toBeUndefined()
    expect(new Set(Object.values(statuses(run)))).toEqual(new Set(['skipped']))
  })

  it('lets a task that is added later, and depends on it, run at once', () => {
    const run = conductor({ max_concurrent: 1 })
    run.add(plan(task('busy', { priority: 'high' }), task('a')))
    run.next()
    run.send({ type: 'skip', task: 'a', by })
    expect(run.add(plan(task('late', { depends_on: ['a'], file: 'late.md' })))).toBeUndefined()
    expect(run.status('late')).toBe('ready')
  })

  it('leaves its file as well off as the rest of its tasks, and complete where all were skipped', () => {
    const run = conductor({ max_concurrent: 9 })
    run.add(plan(task('done', { file: 'some.md' }), task('skipped', { file: 'some.md' }), task('all', { file: 'all.md' }), task('bad', { file: 'bad.md' }), task('other', { file: 'bad.md' })))
    for (const id of ['skipped', 'all', 'other']) run.send({ type: 'skip', task: id, by })
    expect(filed(run)).toEqual(['all.md complete', 'some.md running', 'bad.md running'])
    run.end('done')
    run.end('bad', failure('bad_request'))
    expect(filed(run)).toEqual(['some.md complete', 'bad.md failed'])
  })
})

describe('the file of tasks that have ended', () => {
  it('is not done with before it lies where it belongs', () => {
    const run = conductor()
    run.add(plan(task('a')))
    const isThrough = () => [...run.state.files.values()].map(isThroughWith)
    filed(run)
    run.end('a')
    expect([run.status('a'), isThrough()]).toEqual(['complete', [false]])
    run.next()
    expect(isThrough()).toEqual([false])
    run.send({ type: 'filed', file: 'plan.yaml', status: 'complete', path: 'tasks/completed/plan.yaml' })
    expect(isThrough()).toEqual([true])
  })
})

describe('cancelling a task', () => {
  it('ends it, and blocks what depends on it, naming it', () => {
    const run = conductor({ max_concurrent: 1 })
    run.add({ ...plan(task('busy', { priority: 'high' }), task('a'), task('b', { depends_on: ['a'] })), files: [] })
    run.next()
    run.send({ type: 'cancel', task: 'a', by })
    expect(run.state.tasks.get('a')?.state).toEqual({ status: 'cancelled', reason: 'cancelled by ada', asked_by: by })
    expect(run.state.tasks.get('b')?.state).toEqual({ status: 'blocked', by: 'a', reason: '"a" was cancelled' })
    run.end('busy')
    expect(run.next()).toEqual([{ type: 'close', status: 'failed' }])
  })

  it('lets dependents run where its author said on_failure: continue', () => {
    const run = conductor()
    run.add(plan(task('a', { on_failure: 'continue' }), task('b', { depends_on: ['a'] })))
    run.send({ type: 'cancel', task: 'a', by })
    expect(run.starts()).toEqual(['b'])
  })

  it('leaves its file where it is, to be run by nobody until a person wants it', () => {
    const run = conductor({ max_concurrent: 1 })
    run.add(plan(task('busy', { priority: 'high', file: 'other.md' }), task('a')))
    run.next()
    run.send({ type: 'cancel', task: 'a', by })
    expect(filed(run)).toEqual(['plan.yaml incomplete'])
  })
})

describe.each([
  ['skip', 'skipped'],
  ['cancel', 'cancelled'],
] as const)('what is under way when a person wants to %s it', (type, status) => {
  it.each([
    ['answers all the same', ANSWERED],
    ['fails', failure('bad_request')],
    ['was interrupted', failure('interrupted')],
  ])('is interrupted, settled, and ends as wished when it %s', (_, outcome) => {
    const run = conductor({ retries: 2 }, [{ provider: 'rehearsal', price: { kind: 'fixed', micro_usd: 7 } }])
    run.add({ ...plan(task('a', { checks }), task('b', { depends_on: ['a'] })), files: [] })
    run.next()
    run.send({ type, task: 'a', by })
    expect(run.status('a')).toBe('running')
    expect(manifestOf(run.state).tasks[0]?.reason).toBe(`is being ${status}, as ada wants`)
    expect(run.next()).toEqual([{ type: 'interrupt-attempt', task: 'a', attempt: 1 }])
    const from = run.log.length
    run.end('a', outcome)
    expect(run.log.slice(from)).toMatchObject([{ type: 'attempt.finished', settled: { micro_usd: 7 } }, { type: 'task.ended', status, reason: `${status} by ada` }, ...(type === 'skip' ? [] : [{ status: 'blocked' }])])
    expect(run.starts()).toEqual(type === 'skip' ? ['b'] : [])
  })

  it('ends as wished when its checks were interrupted, or pass all the same', () => {
    for (const rows of ['interrupted', [{ ...row, passed: true }]] as const) {
      const run = conductor()
      run.add(plan(task('a', { checks })))
      run.next()
      run.end('a')
      run.next()
      run.send({ type, task: 'a', by })
      expect(run.next()).toContainEqual({ type: 'interrupt-attempt', task: 'a', attempt: 1 })
      run.send({ type: 'checks-ended', task: 'a', attempt: 1, rows: rows === 'interrupted' ? rows : [...rows] })
      expect(run.status('a')).toBe(status)
    }
  })

  it('has ended when the conductor was killed meanwhile', () => {
    for (const isChecking of [false, true]) {
      const run = conductor()
      run.add({ ...plan(task('a', { checks }), task('other')), files: [] })
      run.next()
      if (isChecking) run.end('a')
      run.next()
      run.send({ type, task: 'a', by })
      run.resume()
      expect(run.status('a')).toBe(status)
      expect(run.starts()).toEqual(['other'])
      expect(run.replay()).toEqual(run.state)
    }
  })

  it('has ended when the conductor was killed, and the run is settled for good', () => {
    const run = conductor()
    run.add({ ...plan(task('a')), files: [] })
    run.next()
    run.send({ type, task: 'a', by })
    run.send({ type: 'abandoned' })
    expect([run.status('a'), run.state.phase.phase]).toEqual([status, 'stopped'])
  })

  it('cannot be ended twice, approved or paused', () => {
    const run = conductor()
    run.add(plan(task('a')))
    run.next()
    run.send({ type, task: 'a', by })
    const wishes = [{ type: 'skip' }, { type: 'cancel' }, { type: 'approve' }, { type: 'pause' }] as const
    for (const wish of wishes) expect(refused(run, { ...wish, task: 'a', by })).toEqual([`"a" is being ${status} already`])
  })

  it('ends when the run is stopped at the same time', () => {
    const run = conductor()
    run.add({ ...plan(task('a'), task('b')), files: [] })
    run.next()
    run.send({ type, task: 'a', by })
    run.send({ type: 'stop', reason: 'SIGINT' })
    run.next()
    run.end('a', failure('interrupted'))
    run.end('b', failure('interrupted'))
    expect(run.next()).toEqual([{ type: 'leave', reason: 'SIGINT' }])
    expect(statuses(run)).toEqual({ a: status, b: 'ready' })
  })
})

describe.each([
  ['skip', 'skipped'],
  ['cancel', 'cancelled'],
] as const)('a person who wants to %s a whole branch', (type, status) => {
  it('ends the task and all that depends on it, directly or not, in one step, and nothing else', () => {
    const run = conductor({ max_concurrent: 9, when_held: 'stay' })
    run.add({ ...plan(task('held', { requires_approval: true }), task('other'), task('a'), task('b', { depends_on: ['a', 'held'] }), task('c', { depends_on: ['b'] }), task('d', { depends_on: ['other'] })), files: [] })
    run.send({ type, task: 'a', by, descendants: true })
    expect(run.starts()).toEqual(['other'])
    expect(statuses(run)).toEqual({ held: 'held', other: 'running', a: status, b: status, c: status, d: 'waiting' })
    expect(run.state.tasks.get('c')?.state).toEqual({ status, reason: `${status} by ada`, asked_by: by })
  })

  it('has what is under way interrupted first, and leaves what has ended as it is', () => {
    const run = conductor({ max_concurrent: 9 }, [{ provider: 'rehearsal', price: { kind: 'fixed', micro_usd: 7 } }])
    run.add({ ...plan(task('a'), task('b', { depends_on: ['a'] }), task('c', { depends_on: ['a'] }), task('d', { depends_on: ['b', 'c'] })), files: [] })
    run.next()
    run.end('a')
    run.next()
    run.end('c')
    expect(run.send({ type, task: 'a', by, descendants: true })).toBeUndefined()
    expect(run.next()).toEqual([{ type: 'interrupt-attempt', task: 'b', attempt: 1 }])
    expect(statuses(run)).toEqual({ a: 'complete', b: 'running', c: 'complete', d: status })
    run.end('b')
    expect(run.log).toContainEqual(expect.objectContaining({ type: 'attempt.finished', task: 'b', settled: { micro_usd: 7, estimated: false } }))
    expect(statuses(run)).toEqual({ a: 'complete', b: status, c: 'complete', d: status })
    expect(run.replay()).toEqual(run.state)
  })

  it('lets what ends already end as it was wished', () => {
    const run = conductor()
    run.add({ ...plan(task('a'), task('b', { depends_on: ['a'] })), files: [] })
    run.next()
    run.send({ type: 'cancel', task: 'a', by: 'bob' })
    expect(run.send({ type, task: 'a', by, descendants: true })).toBeUndefined()
    run.end('a')
    expect(statuses(run)).toEqual({ a: 'cancelled', b: status })
    expect(refused(run, { type, task: 'a', by, descendants: true })).toEqual([`"a" was cancelled, and nothing behind it is left: there is nothing to ${type}`])
  })

  it('is told where nothing of it is left', () => {
    const run = conductor()
    run.add({ ...plan(task('a'), task('b', { depends_on: ['a'] })), files: [] })
    run.next()
    run.end('a')
    run.next()
    run.end('b')
    expect(refused(run, { type, task: 'a', by, descendants: true })).toEqual([`"a" is complete, and nothing behind it is left: there is nothing to ${type}`])
  })
})

describe('two tasks under way that end together', () => {
  it('block what stands behind both once', () => {
    const run = conductor()
    run.add({ ...plan(task('a'), task('b'), task('c', { depends_on: ['a', 'b'] })), files: [] })
    run.next()
    run.send({ type: 'cancel', task: 'a', by })
    run.send({ type: 'cancel', task: 'b', by })
    run.resume()
    expect(statuses(run)).toEqual({ a: 'cancelled', b: 'cancelled', c: 'blocked' })
    expect(run.log.filter((event) => event.type === 'task.ended' && event.task === 'c')).toHaveLength(1)
  })
})

it('what has ended is neither skipped nor cancelled', () => {
  const run = conductor()
  run.add(plan(task('good'), task('bad'), task('behind', { depends_on: ['bad'] })))
  run.next()
  run.end('good')
  run.end('bad', failure('bad_request'))
  expect(refused(run, { type: 'skip', task: 'good', by })).toEqual(['"good" is complete: there is nothing to skip'])
  expect(refused(run, { type: 'cancel', task: 'bad', by })).toEqual(['"bad" has failed: there is nothing to cancel'])
  expect(refused(run, { type: 'skip', task: 'behind', by })).toEqual(['"behind" is blocked by "bad": there is nothing to skip'])
})

it('an end that a person wanted is told by who wanted it', () => {
  const run = conductor()
  run.add(plan(task('a'), task('b')))
  run.next()
  const from = run.log.length
  run.send({ type: 'skip', task: 'a', by })
  run.end('a', failure('interrupted'))
  const lines = run.log.slice(from).map((event) => eventLine(event, undefined).text)
  expect(lines).toEqual(['is being skipped, as ada wants', expect.stringContaining('was interrupted'), 'skipped by ada'])
})
