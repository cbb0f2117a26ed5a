import { describe, expect, it } from 'vitest'
import { ANSWERED, conductor, failure } from './conductor.ts'
import { plan, task } from './specs.ts'

describe('what starts, and when', () => {
  it('starts what depends on nothing, and the rest when its dependencies are complete', () => {
    const run = conductor()
    run.add(plan(task('c', { depends_on: ['a', 'b'] }), task('a'), task('b')))
    expect(run.starts()).toEqual(['a', 'b'])
    run.end('a')
    expect(run.starts()).toEqual([])
    run.end('b')
    expect(run.starts()).toEqual(['c'])
  })

  it('lets ready tasks leave by priority, then by the critical path behind them, then by age', () => {
    const run = conductor({ max_concurrent: 1 })
    run.add(
      plan(
        task('young'),
        task('short'),
        task('long'),
        task('after-long', { depends_on: ['long'] }),
        task('after-that', { depends_on: ['after-long'] }),
        task('urgent', { priority: 'critical' }),
        task('unimportant', { priority: 'low' }),
      ),
    )
    const order: string[] = []
    for (let [id] = run.starts(); id !== undefined; [id] = run.starts()) {
      order.push(id)
      run.end(id)
    }
    expect(order).toEqual(['urgent', 'long', 'after-long', 'young', 'short', 'after-that', 'unimportant'])
  })

  it('never runs more at once than allowed, over all providers and on each', () => {
    const providers = { a: { type: 'openai' }, b: { type: 'openai' }, command: { type: 'command' } }
    const run = conductor({ max_concurrent: 3, per_provider: { a: 1 }, providers, default_provider: 'a' })
    run.add(plan(task('a1'), task('a2'), task('b1', { provider: 'b' }), task('b2', { provider: 'b' }), task('b3', { provider: 'b' })))
    expect(run.starts()).toEqual(['a1', 'b1', 'b2'])
    run.end('b1')
    expect(run.starts()).toEqual(['b3'])
    run.end('a1')
    expect(run.starts()).toEqual(['a2'])
  })

  it('raises the critical path of everything before a task that comes later, and never lowers one', () => {
    const run = conductor({ max_concurrent: 1 })
    run.add(plan(task('running'), task('a'), task('b', { depends_on: ['a'] }), task('other'), task('long-1', { depends_on: ['other'] })))
    expect(run.starts()).toEqual(['a'])
    run.add(plan(task('late', { depends_on: ['b'], file: 'late.md' }), task('later', { depends_on: ['late'], file: 'late.md' })))
    const ranks = Object.fromEntries([...run.state.tasks].map(([id, { rank }]) => [id, rank]))
    expect(ranks).toEqual({ running: 1, a: 4, b: 3, late: 2, later: 1, other: 2, 'long-1': 1 })
  })

  it('gives a longer critical path to tasks that a later plan depends on', () => {
    const run = conductor({ max_concurrent: 1 })
    run.add(plan(task('running'), task('first'), task('second')))
    expect(run.starts()).toEqual(['running'])
    run.add(plan(task('late', { depends_on: ['second'], file: 'late.md' })))
    run.end('running')
    expect(run.starts()).toEqual(['second'])
  })

  it('hands the outputs of dependencies over', () => {
    const output = { path: 'outputs/a/output.md', sha256: '0'.repeat(64), size: 3, media_type: 'text/markdown', written: 'new' as const }
    const run = conductor()
    run.add(plan(task('a'), task('b', { depends_on: ['a'] })))
    run.next()
    run.end('a', { ...ANSWERED, output })
    expect(run.next()).toMatchObject([{ type: 'start-attempt', dependencies: [{ id: 'a', output }] }])
  })
})

describe('a dependency on a task of an earlier run', () => {
  const output = { path: '../r0/outputs/a/output.md', sha256: '0'.repeat(64), size: 3, media_type: 'text/markdown', written: 'new' as const }
  const earlier = { id: 'a', title: 'A', run: 'r0', output }

  it('is met at once, and its result is handed over', () => {
    const run = conductor()
    expect(run.add({ ...plan(task('b', { depends_on: ['a'] })), earlier: [earlier] })).toBeUndefined()
    expect(run.next()).toMatchObject([{ type: 'start-attempt', spec: { id: 'b' }, dependencies: [{ id: 'a', title: 'A', output }] }, {}])
  })

  it('is waited for when this run has a task of that name', () => {
    const run = conductor()
    run.add({ ...plan(task('a'), task('b', { depends_on: ['a'] })), earlier: [earlier] })
    expect(run.starts()).toEqual(['a'])
  })
})

describe('when a task does not complete', () => {
  it('blocks what stands behind it, naming it, and nothing else', () => {
    const run = conductor()
    run.add(plan(task('bad'), task('good'), task('after-bad', { depends_on: ['bad'] }), task('far', { depends_on: ['after-bad', 'good'] })))
    run.next()
    run.end('bad', failure('bad_request'))
    expect(run.state.tasks.get('after-bad')?.state).toEqual({ status: 'blocked', by: 'bad', reason: '"bad" failed' })
    expect(run.state.tasks.get('far')?.state).toMatchObject({ status: 'blocked', by: 'bad' })
    run.end('good')
    run.next()
    expect(run.status('good')).toBe('complete')
  })

  it('lets dependents run anyway where its author said on_failure: continue', () => {
    const run = conductor()
    run.add(plan(task('shaky', { on_failure: 'continue' }), task('after', { depends_on: ['shaky'] })))
    run.next()
    run.end('shaky', failure('bad_request'))
    expect(run.status('shaky')).toBe('failed')
    expect(run.starts()).toEqual(['after'])
  })

  it('blocks a new task at once when what it depends on has failed already', () => {
    const run = conductor()
    run.add(plan(task('bad'), task('other')))
    run.next()
    run.end('bad', failure('bad_request'))
    run.add(plan(task('late', { depends_on: ['bad'], file: 'late.md' }), task('later', { depends_on: ['late'], file: 'late.md' })))
    expect(run.status('late')).toBe('blocked')
    expect(run.status('later')).toBe('blocked')
  })
})

describe('retries', () => {
  it('tries again after a back-off that doubles, and gives up when the retries are used', () => {
    const run = conductor({ retries: 2 })
    run.add(plan(task('a')))
    for (const longest of [1_000, 2_000]) {
      expect(run.starts()).toEqual(['a'])
      run.end('a', failure('timeout'))
      expect(run.starts()).toEqual([])
      run.pass(longest / 2 - 1)
      expect(run.starts()).toEqual([])
      run.pass(longest / 2 + 1)
    }
    expect(run.starts()).toEqual(['a'])
    run.end('a', failure('timeout'))
    expect(run.status('a')).toBe('failed')
  })

  it('waits as long as the server asked for', () => {
    const run = conductor({ retries: 1 })
    run.add(plan(task('a')))
    run.next()
    run.end('a', { result: 'failed', kind: 'rate_limited', message: 'slow down', retry_after_ms: 30_000, duration_ms: 1 })
    run.pass(29_999)
    expect(run.starts()).toEqual([])
    run.pass(1)
    expect(run.starts()).toEqual(['a'])
  })

  it.each(['bad_request', 'permission_denied', 'model_missing'] as const)('does not repeat what would be refused again: %s', (kind) => {
    const run = conductor({ retries: 5 })
    run.add(plan(task('a')))
    run.next()
    run.end('a', failure(kind))
    expect(run.status('a')).toBe('failed')
  })

  it.each(['command_failed', 'timeout', 'broken'] as const)('repeats a command only when its task asks for it: %s', (kind) => {
    const command = { kind: 'command' as const, command: 'false' }
    const run = conductor({ retries: 5 })
    run.add(plan(task('once', { work: command }), task('twice', { work: command, retries: 1 })))
    run.next()
    run.end('once', failure(kind))
    run.end('twice', failure(kind))
    expect([run.status('once'), run.status('twice')]).toEqual(['failed', 'waiting'])
  })

  it('does not count an interruption', () => {
    const run = conductor({ retries: 0 })
    run.add(plan(task('a')))
    run.next()
    run.end('a', failure('interrupted'))
    expect(run.starts()).toEqual(['a'])
  })
})

describe('checks', () => {
  const checked = task('a', { checks: [{ rule: 'contains', value: 'x' }] })
  const row = (passed: boolean) => ({ rule: 'contains', expected: 'contains "x"', found: 'nothing', passed })

  it('completes a task when its checks pass', () => {
    const run = conductor()
    run.add(plan(checked))
    run.next()
    run.end('a')
    expect(run.next()).toMatchObject([{ type: 'check', attempt: 1 }])
    run.send({ type: 'checks-ended', task: 'a', attempt: 1, rows: [row(true)] })
    expect(run.status('a')).toBe('complete')
  })

  it('tells the next attempt what was missing, and is incomplete when no retry is left', () => {
    const run = conductor({ retries: 1 })
    run.add(plan(checked))
    run.next()
    run.end('a')
    run.next()
    run.send({ type: 'checks-ended', task: 'a', attempt: 1, rows: [row(false)] })
    expect(run.next()).toMatchObject([{ type: 'start-attempt', attempt: 2, feedback: [row(false)] }])
    run.end('a')
    run.next()
    run.send({ type: 'checks-ended', task: 'a', attempt: 2, rows: [row(false)] })
    expect(run.state.tasks.get('a')?.state).toEqual({ status: 'incomplete', reason: 'not met: contains "x" (nothing)' })
  })

  it('are carried out no more at once than there may be attempts', () => {
    const run = conductor({ max_concurrent: 2 })
    const checks = [{ rule: 'contains', value: 'x' }]
    run.add(plan(task('a', { checks }), task('b', { checks }), task('c', { checks })))
    run.next()
    run.end('a')
    run.end('b')
    expect(run.next().map(({ type }) => type)).toEqual(['check', 'check', 'start-attempt'])
    run.end('c')
    expect(run.next()).toEqual([])
    run.send({ type: 'checks-ended', task: 'a', attempt: 1, rows: [] })
    expect(run.next()).toMatchObject([{ type: 'check', spec: { id: 'c' } }])
  })

  it('of a command are not repeated, unless its task asks for it: nobody tells a command what was missing', () => {
    const run = conductor({ retries: 5 })
    run.add(plan(task('a', { work: { kind: 'command', command: 'x' }, checks: [{ rule: 'contains', value: 'x' }] })))
    run.next()
    run.end('a')
    run.next()
    run.send({ type: 'checks-ended', task: 'a', attempt: 1, rows: [row(false)] })
    expect(run.status('a')).toBe('incomplete')
  })

  it('that failed are told again after an interruption, which says nothing about the answer', () => {
    const run = conductor({ retries: 2 })
    run.add(plan(checked))
    run.next()
    run.end('a')
    run.next()
    run.send({ type: 'checks-ended', task: 'a', attempt: 1, rows: [row(false)] })
    run.next()
    run.end('a', failure('interrupted'))
    expect(run.next()).toMatchObject([{ attempt: 3, feedback: [row(false)] }])
  })

  it('ignores the report of an attempt that is no longer under way', () => {
    const run = conductor()
    run.add(plan(checked))
    run.next()
    run.end('a')
    run.end('a')
    run.send({ type: 'checks-ended', task: 'a', attempt: 7, rows: [row(true)] })
    expect(run.status('a')).toBe('checking')
  })
})

describe('approval', () => {
  const risky = task('risky', { requires_approval: true, type: 'deploy' })

  it('holds the task and its descendants, and nothing else', () => {
    const run = conductor({ when_held: 'stay' })
    run.add(plan(risky, task('after', { depends_on: ['risky'] }), task('free')))
    expect(run.starts()).toEqual(['free'])
    expect([run.status('risky'), run.status('after')]).toEqual(['held', 'waiting'])
    run.send({ type: 'approve-all', by: 'me' })
    expect(run.starts()).toEqual(['risky'])
  })

  it('leaves, to be resumed, when only held tasks are left', () => {
    const run = conductor()
    run.add(plan(risky))
    expect(run.next()).toMatchObject([{ type: 'open-gate' }, { type: 'leave', reason: 'a task waits for approval' }])
    expect(run.state.phase.phase).toBe('stopped')
  })

  it.each([
    ['the mode is auto', { mode: 'auto', auto_approve_types: [], checkpoint_after_types: [] }],
    ['its type is approved beforehand', { mode: 'required', auto_approve_types: ['deploy'], checkpoint_after_types: [] }],
  ] as const)('asks nobody when %s', (_, approval) => {
    const run = conductor({ approval: { ...approval, auto_approve_types: [...approval.auto_approve_types], checkpoint_after_types: [] } })
    run.add(plan(risky))
    expect(run.starts()).toEqual(['risky'])
  })
})

describe('the end of a run', () => {
  it('closes as succeeded when all completed, and as failed when something did not', () => {
    for (const [outcome, status] of [[ANSWERED, 'succeeded'], [failure('bad_request'), 'failed']] as const) {
      const run = conductor()
      run.add(plan({ ...task('a'), file: 'elsewhere.md' }))
      run.state.files.forEach((file) => (file.inbox = false))
      run.next()
      run.end('a', outcome)
      expect(run.next()).toEqual([{ type: 'close', status }])
    }
  })

  it('does not leave for a person while a retry waits for its time', () => {
    const run = conductor({ retries: 1 })
    run.add({ ...plan(task('held', { requires_approval: true }), task('shaky')), files: [] })
    run.next()
    run.end('shaky', failure('provider_down'))
    expect(run.next()).toEqual([])
    run.pass(60_000)
    expect(run.starts()).toEqual(['shaky'])
  })

  it('waits for checks that are under way when it is asked to stop', () => {
    const run = conductor()
    run.add({ ...plan(task('a', { checks: [{ rule: 'contains', value: 'x' }] })), files: [] })
    run.next()
    run.end('a')
    run.next()
    run.send({ type: 'stop', reason: 'SIGINT' })
    expect(run.next()).toEqual([{ type: 'interrupt-attempt', task: 'a', attempt: 1 }])
    run.send({ type: 'checks-ended', task: 'a', attempt: 1, rows: 'interrupted' })
    expect(run.next()).toEqual([{ type: 'leave', reason: 'SIGINT' }])
  })

  it('is cancelled when nothing failed and something was withdrawn', () => {
    const run = conductor({ max_concurrent: 1 })
    run.add({ ...plan(task('a', { file: 'a.md' }), task('b', { file: 'b.md' })), files: plan(task('b', { file: 'b.md' })).files })
    run.next()
    run.send({ type: 'withdraw', file: 'b.md' })
    run.end('a')
    const [file] = run.next()
    expect(file).toMatchObject({ type: 'file', file: 'b.md', status: 'pending' })
    run.send({ type: 'filed', file: 'b.md', status: 'pending', path: 'b.md' })
    expect(run.next()).toEqual([{ type: 'close', status: 'cancelled' }])
  })

  it('goes on with the routes and limits of new settings when it is resumed', () => {
    const providers = { old: { type: 'openai' }, new: { type: 'openai' }, command: { type: 'command' } }
    const run = conductor({ max_concurrent: 1, providers, default_provider: 'old' })
    run.add({ ...plan(task('a'), task('b'), task('c')), files: [] })
    run.next()
    run.send({ type: 'stop', reason: 'SIGINT' })
    run.next()
    run.end('a', failure('interrupted'))
    run.next()
    run.resume({ max_concurrent: 2, default_provider: 'new' })
    expect(run.next()).toMatchObject([{ spec: { id: 'a' }, route: { provider: 'new' } }, { spec: { id: 'b' }, route: { provider: 'new' } }])
  })

  it('interrupts what runs when it is asked to stop, starts nothing more, and then leaves', () => {
    const run = conductor({ max_concurrent: 1 })
    run.add({ ...plan(task('a'), task('b')), files: [] })
    run.next()
    run.send({ type: 'stop', reason: 'SIGINT' })
    expect(run.next()).toEqual([{ type: 'interrupt-attempt', task: 'a', attempt: 1 }])
    run.end('a', failure('interrupted'))
    expect(run.next()).toEqual([{ type: 'leave', reason: 'SIGINT' }])
    expect([run.status('a'), run.status('b')]).toEqual(['ready', 'ready'])
  })

  it('takes up again what was under way when the conductor was gone', () => {
    const run = conductor({ max_concurrent: 3 })
    run.add({ ...plan(task('done'), task('running'), task('checking', { checks: [{ rule: 'contains', value: 'x' }] })), files: [] })
    run.next()
    run.end('done')
    run.end('checking')
    run.next()
    run.resume()
    expect(run.next()).toMatchObject([
      { type: 'check', attempt: 1, spec: { id: 'checking' } },
      { type: 'start-attempt', attempt: 2, spec: { id: 'running' } },
    ])
    expect(run.state.tasks.get('running')?.attempts[0]?.outcome).toMatchObject({ kind: 'interrupted' })
    expect(run.status('done')).toBe('complete')
  })
})

describe('task files', () => {
  it('of which nothing ran, because another file failed, are still to be done', () => {
    const run = conductor()
    run.add(plan(task('bad', { file: 'bad.md' }), task('after', { file: 'after.md', depends_on: ['bad'] })))
    run.next()
    run.end('bad', failure('bad_request'))
    expect(run.next()).toContainEqual({ type: 'file', file: 'after.md', path: 'after.md', status: 'pending', content_sha256: 'c'.repeat(64) })
  })

  it('are marked as running with the first attempt, and filed by the worst end of their tasks', () => {
    const run = conductor({ max_concurrent: 1 })
    run.add(plan(task('a'), task('b')))
    expect(run.next()).toContainEqual({ type: 'file', file: 'plan.yaml', path: 'plan.yaml', status: 'running', content_sha256: 'c'.repeat(64) })
    run.send({ type: 'filed', file: 'plan.yaml', status: 'running', path: 'plan.yaml' })
    run.end('a')
    run.next()
    run.end('b', failure('bad_request'))
    expect(run.next()).toEqual([{ type: 'file', file: 'plan.yaml', path: 'plan.yaml', status: 'failed', content_sha256: 'c'.repeat(64) }])
    run.send({ type: 'filed', file: 'plan.yaml', status: 'failed', path: 'tasks/failed/plan.yaml' })
    expect(run.next()).toEqual([{ type: 'close', status: 'failed' }])
  })

  it('that were edited before their tasks started are read again: changed, new and missing tasks', () => {
    const run = conductor({ max_concurrent: 1 })
    run.add(plan(task('busy', { file: 'other.md' })))
    run.next()
    run.add(plan(task('keep'), task('drop')))
    run.add(plan(task('keep', { priority: 'high', title: 'new title' }), task('new', { depends_on: ['keep'] })))
    expect(run.state.tasks.get('keep')?.spec.title).toBe('new title')
    expect([run.status('keep'), run.status('drop'), run.status('new')]).toEqual(['ready', 'cancelled', 'waiting'])
  })

  it('that were edited set free what no longer depends on a task they dropped', () => {
    const run = conductor({ max_concurrent: 1 })
    run.add(plan(task('busy', { file: 'other.md' })))
    run.next()
    run.add(plan(task('drop'), task('keep', { depends_on: ['drop'] })))
    expect(run.add(plan(task('keep')))).toBeUndefined()
    expect([run.status('drop'), run.status('keep')]).toEqual(['cancelled', 'ready'])
  })

  it('cannot depend on a task that the same edit drops', () => {
    const run = conductor({ max_concurrent: 1 })
    run.add(plan(task('busy', { file: 'other.md' })))
    run.next()
    run.add(plan(task('keep'), task('drop')))
    const refusal = run.add(plan(task('keep'), task('new', { depends_on: ['drop'] })))
    expect(refusal?.problems[0]?.message).toBe('"new" depends on "drop", which its file no longer holds')
    expect(run.status('drop')).toBe('ready')
  })

  it('that were edited block everything behind a task that now stands behind a failure, in other files too', () => {
    const run = conductor({ max_concurrent: 2 })
    run.add(plan(task('failed', { file: 'f.md' }), task('busy', { file: 'other.md' })))
    run.next()
    run.end('failed', failure('bad_request'))
    run.add(plan(task('gate', { file: 'g.md', requires_approval: true })))
    run.next()
    run.add(plan(task('a', { depends_on: ['gate'] })))
    run.add(plan(task('behind', { file: 'x.md', depends_on: ['a'] })))
    run.add(plan(task('a', { depends_on: ['gate', 'failed'] })))
    expect([run.status('a'), run.status('behind')]).toEqual(['blocked', 'blocked'])
  })

  it('may use a name again that was filed away in the same run', () => {
    const run = conductor({ max_concurrent: 3 })
    run.add(plan(task('busy', { file: 'other.md' }), task('one', { file: 'note.md' })))
    run.next()
    run.end('one')
    run.send({ type: 'filed', file: 'note.md', status: 'running', path: 'note.md' })
    run.next()
    run.send({ type: 'filed', file: 'note.md', status: 'complete', path: 'tasks/completed/note.md' })
    run.add(plan(task('two', { file: 'note.md' })))
    expect(run.next()).toContainEqual({ type: 'file', file: 'note.md', path: 'note.md', status: 'running', content_sha256: 'c'.repeat(64) })
  })

  it('that were deleted before their tasks started are withdrawn, and what depends on them is blocked', () => {
    const run = conductor({ max_concurrent: 1 })
    run.add(plan(task('busy', { file: 'other.md' })))
    run.next()
    run.add(plan(task('a'), task('b', { depends_on: ['a'] })))
    run.add(plan(task('c', { file: 'c.md', depends_on: ['b'] })))
    run.send({ type: 'withdraw', file: 'plan.yaml' })
    expect([run.status('a'), run.status('b'), run.status('c')]).toEqual(['cancelled', 'cancelled', 'blocked'])
  })

  it('cannot be changed for a task that has started, but may come again in the next run', () => {
    const run = conductor()
    run.add(plan(task('a')))
    run.next()
    expect(run.add(plan(task('a')))).toMatchObject({ later: true, problems: [{ message: expect.stringContaining('has started already') }] })
  })
})

describe('a plan that cannot be', () => {
  it('is refused with the path of the cycle, the files and the lines', () => {
    const run = conductor()
    const refusal = run.add(
      plan(
        task('a', { depends_on: ['c'], file: 'a.md', line: 3 }),
        task('b', { depends_on: ['a'], file: 'b.md', line: 7 }),
        task('c', { depends_on: ['b'], file: 'a.md', line: 20 }),
      ),
    )
    expect(refusal?.problems).toEqual([
      {
        file: 'a.md',
        line: 3,
        message:
          'these tasks depend on each other in a circle: a → c → b → a (a in a.md:3, c in a.md:20, b in b.md:7); take one "depends_on" away',
      },
    ])
    expect(run.state.tasks.size).toBe(0)
  })

  it('is refused when an id stands twice, is taken, or is not there', () => {
    const run = conductor()
    run.add(plan(task('a', { file: 'a.md', line: 2 })))
    expect(run.add(plan(task('A', { file: 'b.md', line: 5 }), task('a', { file: 'b.md', line: 9 })))?.problems[0]?.message).toMatch(
      /"A" is taken by a\.md:2/,
    )
    expect(run.add(plan(task('x', { line: 1 }), task('x', { line: 8 })))?.problems).toEqual([
      { file: 'plan.yaml', line: 8, message: 'the id "x" is taken by plan.yaml:1; ids are unique in a run' },
    ])
    expect(run.add(plan(task('y', { depends_on: ['nobody'] })))?.problems[0]?.message).toBe('"y" depends on "nobody", which no task file defines and no earlier run has completed')
  })

  it('is refused when it names a provider or a tier that is not configured', () => {
    const run = conductor()
    const refusal = run.add(plan(task('a', { provider: 'gpt' }), task('b', { tier: 'huge' })))
    expect(refusal?.problems.map(({ message }) => message)).toEqual([
      'the provider "gpt" is not in the configuration; known providers: rehearsal, command',
      'the tier "huge" is not in the configuration; there are no tiers in it',
    ])
  })
})
