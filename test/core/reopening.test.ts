import { describe, expect, it } from 'vitest'
import { whyNot } from '../../src/core/steering.ts'
import { eventLine } from '../../src/core/views/event-line.ts'
import { manifestOf } from '../../src/core/views/manifest.ts'
import { ANSWERED, conductor, failure } from './conductor.ts'
import { plan, settings, task } from './specs.ts'

type Conductor = ReturnType<typeof conductor>

const by = 'ada'
const retry = (run: Conductor, task: string, descendants = false) => run.send({ type: 'retry', task, by, descendants })?.problems.map(({ message }) => message)
const statuses = (run: Conductor) => Object.fromEntries([...run.state.tasks].map(([id, { state }]) => [id, state.status]))
const checks = [{ rule: 'contains', value: 'x' }]
const unmet = [{ rule: 'contains', expected: 'x', found: 'nothing', passed: false }]
/** Ends all that is started, well unless it is said how, until nothing more starts. */
function carryOut(run: Conductor, bad: Record<string, Parameters<Conductor['end']>[1]> = {}): string[] {
  const started: string[] = []
  for (let ids = run.starts(); ids.length > 0; ids = run.starts()) {
    started.push(...ids)
    for (const id of ids) run.end(id, bad[id] ?? ANSWERED)
  }
  return started
}
const nothingFiled = (...tasks: Parameters<typeof plan>) => ({ ...plan(...tasks), files: [] })
/** A plan of four, one after the other, with a fifth that is by itself and busy: the run stays open. */
const chain = () => {
  const run = conductor({ max_concurrent: 9 })
  run.add(nothingFiled(task('busy'), task('a'), task('b', { depends_on: ['a'] }), task('c', { depends_on: ['b'] }), task('d', { depends_on: ['c'] })))
  return run
}

describe('doing a task again', () => {
  it('lets what was blocked behind it go on, all the way down', () => {
    const run = chain()
    run.next()
    run.end('a', failure('bad_request'))
    expect(statuses(run)).toMatchObject({ a: 'failed', b: 'blocked', c: 'blocked', d: 'blocked' })
    expect(retry(run, 'a')).toBeUndefined()
    expect(statuses(run)).toMatchObject({ a: 'ready', b: 'waiting', c: 'waiting', d: 'waiting' })
    expect(carryOut(run)).toEqual(['a', 'b', 'c', 'd'])
    expect(run.state.tasks.get('a')?.attempts.map(({ attempt }) => attempt)).toEqual([1, 2])
  })

  it('leaves what is complete behind it as it is', () => {
    const run = chain()
    run.next()
    for (const id of ['a', 'b']) {
      run.end(id)
      run.next()
    }
    run.end('c')
    expect(retry(run, 'a')).toBeUndefined()
    // What is ready there waits for its own dependencies only.
    expect(statuses(run)).toMatchObject({ a: 'ready', b: 'complete', c: 'complete', d: 'ready' })
    expect(retry(run, 'c')).toBeUndefined()
    expect(statuses(run)).toMatchObject({ c: 'ready', d: 'waiting' })
    expect(run.starts()).toEqual(['a', 'c'])
  })

  it('does all behind it again where that is wanted, in order', () => {
    const run = chain()
    run.next()
    for (const id of ['a', 'b', 'c', 'd']) {
      run.end(id)
      run.next()
    }
    expect(retry(run, 'b', true)).toBeUndefined()
    expect(statuses(run)).toMatchObject({ a: 'complete', b: 'ready', c: 'waiting', d: 'waiting' })
    expect(carryOut(run)).toEqual(['b', 'c', 'd'])
  })

  it.each(['skip', 'cancel'] as const)('takes back a %s', (type) => {
    const run = chain()
    run.next()
    run.send({ type, task: 'a', by })
    run.end('a', failure('interrupted'))
    expect(retry(run, 'a')).toBeUndefined()
    expect(statuses(run)).toMatchObject({ a: 'ready', b: 'waiting', c: 'waiting', d: 'waiting' })
  })

  it('leaves blocked what another task is in the way of, and says which', () => {
    const run = conductor({ max_concurrent: 9 })
    run.add(nothingFiled(task('busy'), task('a'), task('x'), task('b', { depends_on: ['a', 'x'] }), task('c', { depends_on: ['b'] })))
    run.next()
    run.end('a', failure('bad_request'))
    run.end('x', failure('bad_request'))
    expect(run.state.tasks.get('c')?.state).toMatchObject({ status: 'blocked', by: 'a' })
    expect(retry(run, 'a')).toBeUndefined()
    for (const id of ['b', 'c']) expect(run.state.tasks.get(id)?.state).toEqual({ status: 'blocked', by: 'x', reason: '"x" failed' })
    expect(carryOut(run)).toEqual(['a'])
    expect(retry(run, 'x')).toBeUndefined()
    expect(carryOut(run)).toEqual(['x', 'b', 'c'])
  })

  it('counts its tries and its money anew', () => {
    const price = [{ provider: 'rehearsal', price: { kind: 'fixed' as const, micro_usd: 7 } }]
    const run = conductor({ retries: 1, when_held: 'stay', budget: { ...settings().budget, task: 14 } }, price)
    run.add(nothingFiled(task('busy', { work: { kind: 'command', command: 'true' } }), task('a', { checks })))
    const tryOnce = () => {
      run.next()
      run.end('a')
      run.next()
      run.send({ type: 'checks-ended', task: 'a', attempt: run.state.tasks.get('a')?.attempts.length ?? 0, rows: unmet })
    }
    for (let life = 1; life <= 3; life++) {
      tryOnce()
      expect(run.status('a')).toBe('ready')
      tryOnce()
      expect(run.status('a')).toBe('incomplete')
      expect(retry(run, 'a')).toBeUndefined()
    }
    expect(manifestOf(run.state).tasks.find(({ id }) => id === 'a')).toMatchObject({ attempts: 6, cost_micro_usd: 42 })
  })

  it('tells the time that it has taken since', () => {
    const run = chain()
    run.next()
    run.pass(5_000)
    run.end('a')
    run.pass(60_000)
    run.next()
    run.send({ type: 'cancel', task: 'b', by })
    run.end('b', failure('interrupted'))
    retry(run, 'a')
    const entry = () => manifestOf(run.state).tasks.find(({ id }) => id === 'a')
    expect([entry()?.started_at, entry()?.finished_at]).toEqual([undefined, undefined])
    run.next()
    run.pass(2_000)
    run.end('a')
    expect(entry()?.duration_s).toBe(2)
  })

  it('begins on the route that the task begins with, and asks for another answer than before', () => {
    const tiers = { cheap: [{ provider: 'small', model: 's' }], dear: [{ provider: 'large', model: 'l' }] }
    const providers = { small: { type: 'openai' }, large: { type: 'openai' } }
    const run = conductor({ providers, default_provider: 'small', tiers, cache: 'read', routing: { default_tier: 'cheap', by_type: {}, patience_s: 60 } })
    run.add(nothingFiled(task('busy'), task('a', { checks }), task('b', { depends_on: ['a'] })))
    run.next()
    run.end('a')
    run.next()
    run.send({ type: 'checks-ended', task: 'a', attempt: 1, rows: unmet })
    expect(run.state.tasks.get('a')?.route).toMatchObject({ tier: 'dear' })
    run.send({ type: 'cancel', task: 'a', by })
    expect(retry(run, 'a')).toBeUndefined()
    expect(run.next()).toMatchObject([{ type: 'start-attempt', attempt: 2, route: { tier: 'cheap' }, cache: 'refresh' }])
    run.end('a')
    run.next()
    run.send({ type: 'checks-ended', task: 'a', attempt: 2, rows: [] })
    expect(run.next()).toMatchObject([{ spec: { id: 'b' }, attempt: 1, cache: 'read' }])
  })

  it('begins a conversation of its own, whatever was interrupted before', () => {
    const run = chain()
    run.next()
    run.send({ type: 'cancel', task: 'a', by })
    run.end('a', failure('interrupted'))
    retry(run, 'a')
    expect(run.next()).toMatchObject([{ type: 'start-attempt', session: { attempt: 2, spent_micro_usd: 0 } }])
  })

  it('asks for approval again', () => {
    const run = conductor({ when_held: 'stay' })
    run.add(nothingFiled(task('busy'), task('deploy', { requires_approval: true })))
    run.next()
    run.send({ type: 'approve', task: 'deploy', by })
    run.next()
    run.end('deploy')
    retry(run, 'deploy')
    expect(run.next()).toMatchObject([{ type: 'open-gate', task: 'deploy', gate: 'approval' }])
  })

  it('has its file back in the run until it has ended again', () => {
    const run = conductor({ max_concurrent: 9 })
    run.add(plan(task('busy', { file: 'busy.md' }), task('a', { file: 'tasks/a.md' }), task('b', { file: 'tasks/a.md' })))
    const filed = () =>
      run.next().flatMap((command) => {
        if (command.type !== 'file') return []
        const path = command.status === 'failed' ? 'tasks/failed/a.md' : command.status === 'complete' ? 'tasks/completed/a.md' : command.file
        run.send({ type: 'filed', file: command.file, status: command.status, path })
        return command.file === 'tasks/a.md' ? [`${command.path} ${command.status}`] : []
      })
    filed()
    run.end('a', failure('bad_request'))
    run.end('b')
    expect(filed()).toEqual(['tasks/a.md failed'])
    retry(run, 'a')
    expect(filed()).toEqual(['tasks/failed/a.md running'])
    run.end('a')
    expect(filed()).toEqual(['tasks/a.md complete'])
  })

  it('leaves a new file alone that has taken the name of its own', () => {
    const run = conductor({ max_concurrent: 9 })
    const file = 'tasks/a.md'
    run.add(plan(task('busy', { file: 'busy.md' }), task('a', { file })))
    const file_away = () => run.next().forEach((command) => command.type === 'file' && run.send({ type: 'filed', file: command.file, status: command.status, path: 'elsewhere' }))
    file_away()
    run.end('a', failure('bad_request'))
    file_away()
    expect(run.add(plan(task('new', { file })))).toBeUndefined()
    file_away()
    retry(run, 'a')
    expect(run.state.files.get(file)).toMatchObject({ tasks: ['new'], left: 1 })
    file_away()
    run.end('a')
    expect(run.state.files.get(file)).toMatchObject({ left: 1 })
  })

  it('is not undone by the news that its file was filed away', () => {
    const run = conductor({ max_concurrent: 9 })
    run.add(plan(task('busy', { file: 'busy.md' }), task('a', { file: 'a.md' }), task('b', { file: 'a.md', depends_on: ['a'] })))
    run.next()
    run.end('a', failure('bad_request'))
    run.send({ type: 'filed', file: 'a.md', status: 'failed', path: 'tasks/failed/a.md' })
    retry(run, 'a')
    run.send({ type: 'withdraw', file: 'a.md' })
    expect(run.status('b')).toBe('waiting')
  })

  it('is told in a line, what goes on behind it in passing', () => {
    const run = chain()
    run.next()
    run.end('a', failure('bad_request'))
    const from = run.log.length
    retry(run, 'a')
    const lines = run.log.slice(from).map((event) => eventLine(event, undefined)).map(({ subject, text, detail }) => [subject, text, detail])
    expect(lines.slice(0, 2)).toEqual([
      ['a', 'is to be done again, as ada wants', false],
      ['b', 'is to be done again, behind "a"', true],
    ])
  })
})

describe('trying at once what waits for its time', () => {
  it('ends the wait for the next try', () => {
    const run = conductor({ retries: 1 })
    run.add(nothingFiled(task('a')))
    run.next()
    run.end('a', failure('timeout'))
    expect(retry(run, 'a')).toBeUndefined()
    expect(run.starts()).toEqual(['a'])
  })

  it('asks the provider that a task waits for', () => {
    const run = conductor({ retries: 1, when_held: 'stay' })
    run.add(nothingFiled(task('a'), task('b')))
    run.next()
    run.end('a', failure('quota_exhausted'))
    run.end('b', failure('quota_exhausted'))
    expect(statuses(run)).toEqual({ a: 'ready', b: 'ready' })
    expect(run.starts()).toEqual([])
    expect(retry(run, 'a')).toBeUndefined()
    expect(run.log.filter(({ type }) => type === 'provider.back')).toMatchObject([{ provider: 'rehearsal', reason: 'ada asked for it' }])
    expect(run.starts()).toContain('a')
  })
})

describe('what cannot be done again says why', () => {
  it('because nothing of it has ended', () => {
    const run = conductor({ max_concurrent: 1, when_held: 'stay' })
    run.add(nothingFiled(task('a', { priority: 'high' }), task('b', { depends_on: ['a'] }), task('c'), task('d', { requires_approval: true })))
    run.next()
    const why = (id: string) => whyNot(run.state, { type: 'retry', task: id, by, descendants: false })
    expect(why('a')).toBe('"a" is running: there is nothing to retry')
    expect(why('b')).toBe('"b" waits for "a": there is nothing to retry')
    expect(why('c')).toBe('"c" is ready: there is nothing to retry')
    expect(why('d')).toBe('"d" waits for approval: there is nothing to retry')
    run.send({ type: 'cancel', task: 'a', by })
    expect(why('a')).toBe('"a" is being cancelled: it can be done again once it has ended')
  })

  it('because another task is in its way', () => {
    const run = conductor({ max_concurrent: 9 })
    run.add(nothingFiled(task('busy'), task('a'), task('b', { depends_on: ['a'] }), task('c', { depends_on: ['a'] })))
    run.next()
    run.send({ type: 'cancel', task: 'c', by })
    run.end('a', failure('bad_request'))
    expect(retry(run, 'b')).toEqual(['"b" is blocked by "a": retry that one'])
    expect(retry(run, 'c')).toEqual(['"c" depends on "a", and "a" has failed: retry that one first'])
  })

  it('because something is at work on what it has given', () => {
    const run = chain()
    run.next()
    run.end('a')
    run.next()
    expect(retry(run, 'a')).toEqual(['"b" is running, and depends on "a": let it end, or cancel it, first'])
    run.send({ type: 'cancel', task: 'b', by })
    run.end('b', failure('interrupted'))
    expect(retry(run, 'a', true)).toBeUndefined()
    expect(carryOut(run)).toEqual(['a', 'b', 'c', 'd'])
  })
})

describe('a run that is over', () => {
  it('is opened again for what is to be done again, and closes when nothing is left', () => {
    const run = conductor()
    run.add(nothingFiled(task('a'), task('b', { depends_on: ['a'] })))
    run.next()
    run.end('a', failure('bad_request'))
    expect(run.next()).toEqual([{ type: 'close', status: 'failed' }])
    expect(whyNot(run.state, { type: 'retry', task: 'a', by, descendants: false })).toBeUndefined()
    run.resume()
    expect(retry(run, 'a')).toBeUndefined()
    expect(carryOut(run)).toEqual(['a', 'b'])
    expect(run.state.phase).toEqual({ phase: 'closed', status: 'succeeded' })
    expect(run.replay()).toEqual(run.state)
  })

  it('closes as it was where the conductor was killed before it was told what to do again', () => {
    const run = conductor()
    run.add(nothingFiled(task('a')))
    run.next()
    run.end('a')
    run.next()
    run.resume()
    run.resume()
    expect(run.next()).toEqual([{ type: 'close', status: 'succeeded' }])
  })
})
