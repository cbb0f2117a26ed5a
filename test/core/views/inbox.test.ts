import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inboxEntries } from '../../../src/core/views/inbox.ts'
import { hasEnded } from '../../../src/core/task-state.ts'
import type { RunState } from '../../../src/core/state.ts'
import { conductor } from '../conductor.ts'
import { plan, task } from '../specs.ts'

const asking = { requires_approval: true } as const
const inbox = ({ state }: { state: RunState }) => inboxEntries(state).map((entry) => entry.task)
const entry = ({ state }: { state: RunState }, id: string) => inboxEntries(state).find((each) => each.task === id)

describe('the inbox', () => {
  it('holds what waits for a person, oldest first', () => {
    const run = conductor({ when_held: 'stay', max_concurrent: 1 })
    run.add(plan(task('first'), task('second', { ...asking, depends_on: ['first'] }), task('third', asking), task('last')))
    run.next()
    expect(inbox(run)).toEqual(['third'])
    run.pass(1_000)
    run.send({ type: 'pause', by: 'ada', task: 'last' })
    run.pass(1_000)
    run.end('first')
    run.next()
    expect(inbox(run)).toEqual(['third', 'last', 'second'])
    expect(inboxEntries(run.state).map(({ since }) => since.slice(17, 19))).toEqual(['00', '01', '02'])
    run.send({ type: 'approve', by: 'ada', task: 'third' })
    expect(inbox(run)).toEqual(['last', 'second'])
  })

  it('says what comes of yes and of no, and how much stands behind it', () => {
    const run = conductor({ when_held: 'stay' })
    run.add(plan(task('gate', asking), task('next', { depends_on: ['gate'] }), task('after', { depends_on: ['next', 'gate'] }), task('other')))
    run.next()
    expect(entry(run, 'gate')).toMatchObject({
      gate: 'approval',
      waits: 'waits for approval',
      behind: 2,
      answers: [
        { intent: 'approve', means: 'it runs as soon as there is room for it' },
        { intent: 'reject', means: 'it is cancelled, and the 2 tasks behind it are blocked' },
        { intent: 'skip', means: 'it is not done, and the 2 tasks behind it go on without it' },
      ],
    })
  })

  it('blocks nothing where a failure does not matter, or where nothing is behind it', () => {
    const run = conductor({ when_held: 'stay' })
    run.add(plan(task('loose', { ...asking, on_failure: 'continue' }), task('next', { depends_on: ['loose'] }), task('alone', asking)))
    run.next()
    const rejected = (id: string) => entry(run, id)?.answers.find(({ intent }) => intent === 'reject')?.means
    expect(rejected('loose')).toBe('it is cancelled, and the task behind it goes on without it')
    expect(rejected('alone')).toBe('it is cancelled, and no other task waits for it')
  })

  it('says that money comes by the configuration, not by a key', () => {
    const budget = { day: null, month: null, project: null, run: 10, task: null, warn_at_pct: 80, on_limit: 'hold', time_zone: 'UTC' } as const
    const run = conductor({ budget, when_held: 'stay' }, [{ provider: 'rehearsal', price: { kind: 'fixed', micro_usd: 100 } }])
    run.add(plan(task('dear')))
    run.next()
    expect(entry(run, 'dear')).toMatchObject({ gate: 'budget', answers: [{ intent: 'skip' }, { intent: 'cancel' }], advice: 'raise the limit in config.json and resume the run' })
    expect(entry(run, 'dear')?.waits).toMatch(/^waits for money: .*limit/)
  })

  it('says of a paused task who paused it, and what it waits for after that', () => {
    const run = conductor({ when_held: 'stay' })
    run.add(plan(task('a'), task('b', asking)))
    for (const id of ['a', 'b']) run.send({ type: 'pause', by: 'ada', task: id })
    run.next()
    expect(entry(run, 'a')).toMatchObject({ gate: 'paused', waits: 'paused by ada', answers: [{ intent: 'unpause', means: 'it runs as soon as there is room for it' }, { intent: 'skip' }, { intent: 'cancel' }] })
    expect(entry(run, 'b')?.answers[0]?.means).toBe('it waits for approval then')
  })

  it('counts each task behind it once, whatever the graph', () => {
    const graphs = fc.array(fc.array(fc.nat({ max: 20 }), { maxLength: 4 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(graphs, (wanted) => {
        const specs = wanted.map((needs, index) => task(`t${index}`, { ...asking, depends_on: [...new Set(needs.filter((need) => need < index))].map((need) => `t${need}`) }))
        const run = conductor({ when_held: 'stay' })
        run.add(plan(...specs))
        run.next()
        const behind = (id: string): Set<string> => new Set((run.state.tasks.get(id)?.dependents ?? []).flatMap((next) => [next, ...behind(next)]))
        for (const held of inboxEntries(run.state)) expect(held.behind).toBe([...behind(held.task)].filter((id) => !hasEnded(run.status(id) ?? 'complete')).length)
      }),
      { numRuns: 40 },
    )
  })
})
