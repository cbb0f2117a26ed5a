import { describe, expect, it } from 'vitest'
import { Event } from '../../src/core/events.ts'
import type { Outcome } from '../../src/core/outcome.ts'
import type { Question } from '../../src/core/question.ts'
import type { Settings } from '../../src/core/settings.ts'
import { Wish } from '../../src/core/wish.ts'
import { inboxEntries } from '../../src/core/views/inbox.ts'
import { conductor, failure } from './conductor.ts'
import { plan as planOf, settings, task } from './specs.ts'

const ada = { by: 'ada', door: 'cli' } as const
const bob = { by: 'bob', door: 'http' } as const
const stays: Partial<Settings> = { when_held: 'stay', max_concurrent: 1 }

const made = (content: string): Outcome => ({ result: 'answered', finish: 'stop', duration_ms: 1, output: { path: 'outputs/a/output.md', sha256: content, size: 1, media_type: 'text/markdown', written: 'new' } })
const WHICH: Question = { kind: 'question', asks: [{ text: 'Which colour?', options: [{ label: 'red' }, { label: 'blue' }] }] }
const FREE: Question = { kind: 'question', asks: [{ text: 'What is it called?', options: [] }] }
const MAY_IT: Question = { kind: 'permission', tool: 'Bash', rule: 'Bash(npm test)', input: 'npm test' }

/** Nothing is written into files here. */
const plan = (...tasks: Parameters<typeof planOf>) => {
  const made = planOf(...tasks)
  return { ...made, files: made.files.map((file) => ({ ...file, inbox: false })) }
}

type Run = ReturnType<typeof conductor>
const messages = (refusal: ReturnType<Run['send']>) => refusal?.problems.map(({ message }) => message).join('; ')
const gate = ({ state }: Run, id = 'a') => inboxEntries(state).find((entry) => entry.task === id)
const tells = (run: Run) => run.next().flatMap((command) => (command.type === 'tell' ? [command.telling] : []))

describe('a gate', () => {
  it('has a name and a hash of what is shown, and an answer for another one is refused', () => {
    const run = conductor(stays)
    run.add(plan(task('a', { requires_approval: true })))
    run.next()
    const { id = '', shown = '' } = gate(run) ?? {}
    expect(id).toMatch(/^g\d+$/)
    expect(shown).toMatch(/^[0-9a-f]{64}$/)
    expect(messages(run.send({ type: 'approve', task: 'a', gate: 'g999', ...ada }))).toBe('"a" has no gate "g999" in this run')
    expect(messages(run.send({ type: 'approve', task: 'a', gate: id, shown: 'f'.repeat(64), ...ada }))).toBe('what is shown of "a" has changed since: look at it again')
    expect(run.send({ type: 'approve', task: 'a', gate: id, shown, ...ada })).toBeUndefined()
    expect(run.starts()).toEqual(['a'])
  })

  it('shows something else once its task has been edited', () => {
    const run = conductor(stays)
    run.add(plan(task('a', { requires_approval: true })))
    run.next()
    const before = gate(run)
    run.add(plan(task('a', { requires_approval: true, work: { kind: 'command', command: 'rm -rf /' } })))
    run.next()
    expect(gate(run)?.shown).not.toBe(before?.shown)
    expect(messages(run.send({ type: 'approve', task: 'a', gate: before?.id, shown: before?.shown, ...ada }))).toMatch(/^gate g\d+ of "a" is there no more/)
  })

  it('is answered once: whoever comes later is told who answered, by which door, and when', () => {
    const run = conductor(stays)
    run.add(plan(task('a', { requires_approval: true })))
    run.next()
    const { id } = gate(run) ?? {}
    run.send({ type: 'approve', task: 'a', gate: id, ...ada })
    expect(messages(run.send({ type: 'reject', task: 'a', gate: id, ...bob }))).toMatch(/^gate g\d+ of "a" was approved already, by ada \(cli\) at 2026-11-20 12:00:00/)
    expect(messages(run.send({ type: 'approve', task: 'a', ...bob }))).toMatch(/nothing to approve; gate g\d+ of "a" was approved already, by ada/)
    expect(run.log.at(-1)).toMatchObject({ type: 'gate.answered', gate: id, answer: 'approved', by: 'ada', door: 'cli' })
  })

  it('stands under the same name after a crash', () => {
    const run = conductor(stays)
    run.add(plan(task('a', { requires_approval: true }), task('b', { review: true })))
    run.next()
    run.end('b', made('one'))
    run.next()
    const before = ['a', 'b'].map((id) => gate(run, id))
    run.crash(0)
    run.resume()
    run.next()
    expect(['a', 'b'].map((id) => gate(run, id))).toEqual(before)
  })

  it('holds its task and what stands behind it, and nothing else', () => {
    const run = conductor({ ...stays, max_concurrent: 5 })
    run.add(plan(task('a', { requires_approval: true }), task('b', { review: true }), task('c', { depends_on: ['b'] }), task('d')))
    expect(run.starts()).toEqual(['b', 'd'])
    run.end('b', made('one'))
    run.end('d')
    expect(run.starts()).toEqual([])
    expect(['a', 'b', 'c', 'd'].map(run.status)).toEqual(['held', 'held', 'waiting', 'complete'])
  })
})

describe('a rejected approval', () => {
  it('cancels the task, with the reason, and blocks what stands behind it', () => {
    const run = conductor(stays)
    run.add(plan(task('a', { requires_approval: true }), task('b', { depends_on: ['a'] })))
    run.next()
    expect(run.send({ type: 'reject', task: 'a', comment: 'too risky', ...ada })).toBeUndefined()
    expect(run.state.tasks.get('a')?.state).toMatchObject({ status: 'cancelled', reason: 'rejected by ada: too risky', asked_by: 'ada' })
    expect(run.status('b')).toBe('blocked')
  })
})

describe('a review', () => {
  const reviewed = (more: Partial<Settings> = {}) => {
    const run = conductor({ ...stays, ...more })
    run.add(plan(task('a', { type: 'fix', ...(more.approval === undefined ? { review: true } : {}) }), task('b', { depends_on: ['a'] })))
    run.next()
    run.end('a', made('one'))
    return run
  }

  it('comes after the answer has passed; accepted, it is complete and what depends on it runs', () => {
    const run = reviewed()
    expect(run.next()).toEqual([])
    expect(gate(run)).toMatchObject({ gate: 'review', behind: 1 })
    run.send({ type: 'approve', task: 'a', ...ada })
    expect(run.status('a')).toBe('complete')
    expect(run.starts()).toEqual(['b'])
  })

  it('is asked for by a type of task, unless the task says no', () => {
    const approval = { mode: 'required' as const, auto_approve_types: [], checkpoint_after_types: ['fix'] }
    expect(gate(reviewed({ approval }))?.gate).toBe('review')
    const run = conductor({ ...stays, approval })
    run.add(plan(task('a', { type: 'fix', review: false })))
    run.next()
    run.end('a', made('one'))
    expect(run.status('a')).toBe('complete')
  })

  it('is not asked for where everything is approved beforehand', () => {
    const run = conductor({ ...stays, approval: { ...settings().approval, mode: 'auto' } })
    run.add(plan(task('a', { review: true })))
    run.next()
    run.end('a', made('one'))
    expect(run.status('a')).toBe('complete')
  })

  it('sent back, another attempt gets the comment, and shows something else', () => {
    const run = reviewed({ retries: 0 })
    const first = gate(run)
    run.send({ type: 'send-back', task: 'a', comment: 'shorter, please', ...ada })
    expect(run.next()).toMatchObject([{ type: 'start-attempt', attempt: 2, said: { comments: ['shorter, please'] }, feedback: [] }])
    run.end('a', made('two'))
    expect(gate(run)?.shown).not.toBe(first?.shown)
    run.send({ type: 'send-back', task: 'a', comment: 'still shorter', ...ada })
    expect(run.next()).toMatchObject([{ attempt: 3, said: { comments: ['shorter, please', 'still shorter'] } }])
  })

  it('rejected, it is incomplete, and what stands behind it is blocked', () => {
    const run = reviewed()
    run.send({ type: 'reject', task: 'a', comment: 'wrong file', ...ada })
    expect(run.state.tasks.get('a')?.state).toMatchObject({ status: 'incomplete', reason: 'rejected by ada: wrong file' })
    expect(run.status('b')).toBe('blocked')
  })

  it('is not asked for an answer that did not pass its checks', () => {
    const run = conductor(stays)
    run.add(plan(task('a', { review: true, checks: [{ rule: 'contains', value: 'x' }] })))
    run.next()
    run.end('a', made('one'))
    run.next()
    run.send({ type: 'checks-ended', task: 'a', attempt: 1, rows: [{ rule: 'contains', expected: 'x', found: 'y', passed: false }] })
    expect(run.status('a')).toBe('incomplete')
  })
})

describe('a question', () => {
  const asking = (question: Question = WHICH, more: Partial<Settings> = {}, spec: Parameters<typeof task>[1] = {}) => {
    const run = conductor({ ...stays, ...more })
    run.add(plan(task('a', { priority: 'high', ...spec }), task('b')))
    run.next()
    run.send({ type: 'asked', task: 'a', attempt: 1, question })
    return run
  }

  it('gives its slot away while it waits, and is told when there is room again', () => {
    const run = asking()
    expect(gate(run)).toMatchObject({ gate: 'question', waits: 'asks: Which colour?' })
    expect(run.starts()).toEqual(['b'])
    run.send({ type: 'answer', task: 'a', answers: ['blue'], ...ada })
    expect(run.next()).toEqual([])
    run.end('b')
    expect(tells(run)).toEqual([{ is: 'answered', answers: ['blue'] }])
    expect(run.state.tasks.get('a')?.state).toMatchObject({ status: 'running', attempt: 1 })
    run.end('a')
    expect(run.status('a')).toBe('complete')
  })

  it('takes leave or no leave for what an agent wants to use', () => {
    const allowed = asking(MAY_IT, { max_concurrent: 5 })
    allowed.send({ type: 'approve', task: 'a', ...ada })
    expect(tells(allowed)).toEqual([{ is: 'allowed' }])
    const denied = asking(MAY_IT, { max_concurrent: 5 })
    denied.send({ type: 'reject', task: 'a', comment: 'not here', ...ada })
    expect(tells(denied)).toEqual([{ is: 'denied', message: 'not here' }])
    expect(messages(asking(MAY_IT).send({ type: 'answer', task: 'a', answers: ['yes'], ...ada }))).toBe('"a" asks whether it may use Bash: approve or reject it')
  })

  it('approved, it is told the first option; where there is none, a person has to say which', () => {
    const run = asking(WHICH, { max_concurrent: 5 })
    run.send({ type: 'approve', task: 'a', ...ada })
    expect(tells(run)).toEqual([{ is: 'answered', answers: ['red'] }])
    expect(messages(asking(FREE).send({ type: 'approve', task: 'a', ...ada }))).toBe('"a" asks, and what it asks has no answer of its own: say which')
    expect(messages(asking(FREE).send({ type: 'answer', task: 'a', answers: ['x', 'y'], ...ada }))).toBe('"a" asks one question: give one answer')
  })

  it('is answered by no more than the log takes in: whatever passes the door can be read again', () => {
    const words = (length: number) => 'x'.repeat(length)
    for (const [question, intent] of [
      [WHICH, { type: 'answer', task: 'a', answers: [words(4000)] }],
      [MAY_IT, { type: 'reject', task: 'a', comment: words(4000) }],
    ] as const) {
      const run = asking(question)
      expect(run.send({ ...Wish.parse(intent), ...ada })).toBeUndefined()
      expect(run.log.map((event) => Event.safeParse(event).success)).not.toContain(false)
    }
    for (const wish of [{ type: 'answer', task: 'a', answers: [words(4001)] }, { type: 'reject', task: 'a', comment: words(4001) }]) expect(Wish.safeParse(wish).success).toBe(false)
  })

  it('asked again gets the answer that it got before', () => {
    const run = asking(WHICH, { max_concurrent: 5 })
    run.send({ type: 'answer', task: 'a', answers: ['blue'], ...ada })
    run.next()
    run.send({ type: 'asked', task: 'a', attempt: 1, question: WHICH })
    expect(run.status('a')).toBe('running')
    expect(tells(run)).toEqual([{ is: 'answered', answers: ['blue'] }])
  })

  it('is asked a few times only', () => {
    const run = asking(WHICH, { max_concurrent: 5 }, { max_questions: 1 })
    run.send({ type: 'answer', task: 'a', answers: ['blue'], ...ada })
    run.next()
    run.send({ type: 'asked', task: 'a', attempt: 1, question: FREE })
    expect(tells(run)).toMatchObject([{ is: 'unanswered', message: expect.stringMatching(/as often as you may/) }])
  })

  it('is left by its attempt when the conductor is killed, waits under the same name, and the next attempt is told', () => {
    const run = asking()
    run.next()
    const before = gate(run)
    run.crash(0)
    run.resume()
    run.next()
    expect(gate(run)).toEqual(before)
    run.send({ type: 'answer', task: 'a', gate: before?.id, shown: before?.shown, answers: ['blue'], ...ada })
    if (run.status('b') === 'running') run.end('b')
    expect(run.next().find((command) => command.type === 'start-attempt' && command.spec.id === 'a')).toMatchObject({ attempt: 2, session: { attempt: 1 }, said: { replies: [{ question: WHICH, reply: { answers: ['blue'] } }] } })
    run.send({ type: 'asked', task: 'a', attempt: 2, question: WHICH })
    expect(tells(run)).toEqual([{ is: 'answered', answers: ['blue'] }])
  })

  it('ends with its attempt', () => {
    const run = asking(WHICH, { retries: 0 })
    const { id } = gate(run) ?? {}
    run.end('a', failure('command_failed'))
    expect(run.status('a')).toBe('failed')
    expect(messages(run.send({ type: 'answer', task: 'a', gate: id, answers: ['blue'], ...ada }))).toMatch(/is there no more/)
  })

  it('is interrupted when a person wants its task to end', () => {
    const run = asking()
    run.next()
    run.send({ type: 'cancel', task: 'a', ...ada })
    expect(run.next()).toMatchObject([{ type: 'interrupt-attempt', task: 'a' }])
    run.end('a', failure('interrupted'))
    expect(run.status('a')).toBe('cancelled')
  })

  describe('in a run that nobody attends', () => {
    const unattended = (on_question: Settings['gates']['on_question'], question: Question = WHICH) => asking(question, { when_held: 'leave', max_concurrent: 5, gates: { ...settings().gates, on_question } })

    it('takes its default', () => {
      expect(tells(unattended('default'))).toEqual([{ is: 'answered', answers: ['red'] }])
      expect(tells(unattended('default', FREE))).toMatchObject([{ is: 'unanswered' }])
    })

    it('ends its attempt', () => {
      const run = unattended('fail')
      expect(tells(run)).toEqual(['fail'])
      run.end('a', failure('unanswered'))
      expect(run.status('a')).toBe('failed')
    })

    it('is kept for later: what goes on without it goes on, then the attempt is ended and the run is left', () => {
      const run = unattended('hold')
      run.end('b')
      expect(run.next().map(({ type }) => type)).toEqual(['stop', 'interrupt-attempt'])
      run.end('a', failure('interrupted'))
      expect(run.next()).toEqual([{ type: 'leave', reason: 'a task waits for an answer' }])
      expect(gate(run)?.gate).toBe('question')
    })
  })
})

describe('a gate that nobody answers in time', () => {
  const timed = (then: 'approve' | 'reject' | 'skip' | 'hold', spec: Parameters<typeof task>[1] = { requires_approval: true }) => {
    const run = conductor({ ...stays, gates: { ...settings().gates, timeout_s: 60, on_timeout: then } })
    run.add(plan(task('a', spec), task('b', { depends_on: ['a'] })))
    run.next()
    return run
  }

  it.each([
    ['approve', 'ready'],
    ['reject', 'cancelled'],
    ['skip', 'skipped'],
    ['hold', 'held'],
  ] as const)('%s: its task is %s', (then, status) => {
    const run = timed(then)
    run.pass(59_000)
    expect(run.status('a')).toBe('held')
    run.pass(2_000)
    expect(run.status('a')).toBe(status)
  })

  it('says on the gate when and how, and in the log that nobody did', () => {
    const run = timed('approve')
    expect(gate(run)?.due).toEqual({ at: '2026-11-20T12:01:00.000Z', does: 'approve' })
    run.pass(61_000)
    expect(run.log.at(-1)).toMatchObject({ type: 'gate.answered', answer: 'approved', by: 'nobody answered in time' })
  })

  it('is due also when its conductor was away', () => {
    const run = timed('skip')
    run.crash(0)
    run.pass(120_000)
    run.resume()
    run.pass(0)
    expect(run.status('a')).toBe('skipped')
  })
})

describe('a stop', () => {
  it('that drains starts nothing new, and leaves when what runs has ended', () => {
    const run = conductor({ ...stays, max_concurrent: 1 })
    run.add(plan(task('a', { priority: 'high' }), task('b')))
    run.next()
    run.send({ type: 'stop', reason: 'tutti stop', drain: {} })
    expect(run.next()).toEqual([])
    run.end('a')
    expect(run.next()).toEqual([{ type: 'leave', reason: 'tutti stop' }])
    expect([run.status('a'), run.status('b')]).toEqual(['complete', 'ready'])
  })

  it('with a grace interrupts when that is over', () => {
    const run = conductor(stays)
    run.add(plan(task('a')))
    run.next()
    run.send({ type: 'stop', reason: 'SIGTERM', drain: { grace_ms: 10_000 } })
    run.pass(9_000)
    expect(run.next()).toEqual([])
    run.pass(2_000)
    expect(run.next()).toMatchObject([{ type: 'interrupt-attempt', task: 'a' }])
  })

  it('said twice is at once', () => {
    const run = conductor(stays)
    run.add(plan(task('a')))
    run.next()
    run.send({ type: 'stop', reason: 'SIGTERM', drain: { grace_ms: 10_000 } })
    run.send({ type: 'stop', reason: 'SIGTERM', drain: { grace_ms: 10_000 } })
    expect(run.next()).toMatchObject([{ type: 'interrupt-attempt', task: 'a' }])
  })

  it('does not wait for an answer, and keeps the question', () => {
    const run = conductor(stays)
    run.add(plan(task('a')))
    run.next()
    run.send({ type: 'asked', task: 'a', attempt: 1, question: WHICH })
    run.send({ type: 'stop', reason: 'tutti stop', drain: {} })
    expect(run.next()).toMatchObject([{ type: 'interrupt-attempt', task: 'a' }])
    run.end('a', failure('interrupted'))
    expect(run.next()).toEqual([{ type: 'leave', reason: 'tutti stop' }])
    expect(gate(run)?.gate).toBe('question')
  })
})

describe('other settings', () => {
  it('hold for what has not begun: more at once, and no approval where none is asked for any more', () => {
    const run = conductor(stays)
    run.add(plan(task('a'), task('b'), task('c', { requires_approval: true, type: 'deploy' })))
    expect(run.starts()).toEqual(['a'])
    const changed = settings({ ...stays, max_concurrent: 3, approval: { ...settings().approval, auto_approve_types: ['deploy'] } })
    run.send({ type: 'reconfigure', settings: changed, prices: [{ provider: 'rehearsal', price: { kind: 'free' } }], keys: ['execution.max_concurrent', 'approval.auto_approve_types'] })
    expect(run.starts()).toEqual(['b', 'c'])
    expect(run.replay()).toEqual(run.state)
  })
})

describe('a priority', () => {
  it('is changed by a person, for what has not begun', () => {
    const run = conductor(stays)
    run.add(plan(task('a'), task('b'), task('c')))
    run.next()
    run.send({ type: 'prioritize', task: 'c', priority: 'critical', ...ada })
    run.end('a')
    expect(run.starts()).toEqual(['c'])
    expect(messages(run.send({ type: 'prioritize', task: 'a', priority: 'low', ...ada }))).toBe('"a" is complete: there is nothing to prioritize')
  })
})

describe('a pause', () => {
  it('can be of a whole branch', () => {
    const run = conductor({ ...stays, max_concurrent: 5 })
    run.add(plan(task('a'), task('b', { depends_on: ['a'] }), task('c')))
    run.send({ type: 'pause', task: 'a', descendants: true, ...ada })
    expect(run.starts()).toEqual(['c'])
    run.send({ type: 'unpause', task: 'a', descendants: true, ...ada })
    expect(run.starts()).toEqual(['a'])
    expect(run.state.tasks.get('b')?.paused).toBeUndefined()
  })

  it('of a branch is refused where nothing of it is left to be paused, or paused', () => {
    const run = conductor({ ...stays, max_concurrent: 5 })
    run.add(plan(task('a'), task('b', { depends_on: ['a'] }), task('c')))
    const say = (type: 'pause' | 'unpause') => messages(run.send({ type, task: 'a', descendants: true, ...ada }))
    expect(say('unpause')).toBe('neither "a" nor anything that stands behind it is paused')
    run.send({ type: 'pause', task: 'b', descendants: false, ...ada })
    expect(run.send({ type: 'pause', task: 'a', descendants: true, ...ada })).toBeUndefined()
    expect(say('pause')).toBe('"a" and all that stands behind it is paused already, or has ended')
  })
})

describe('a quota that is used up, where nobody knows until when', () => {
  const nothingLeft = failure('quota_exhausted')
  const known: Outcome = { ...nothingLeft, retry_after_ms: 60_000 } as Outcome
  const providers = { paid: { type: 'openai' }, other: { type: 'openai' }, command: { type: 'command' } }
  const two = { providers, default_provider: 'paid' } satisfies Partial<Settings>
  const both: Partial<Settings> = { tiers: { both: [{ provider: 'paid' }, { provider: 'other' }] } }
  const gates = (run: Run) => inboxEntries(run.state).map(({ task, gate }) => `${task} ${gate}`)
  const ids = (run: Run) => inboxEntries(run.state).map(({ id }) => id)

  /** Tasks of one lane, the first of which was turned away. */
  const usedUp = (more: Partial<Settings> = {}, ...tasks: Parameters<typeof planOf>) => {
    const run = conductor({ ...stays, ...two, ...more })
    run.add(plan(...(tasks.length > 0 ? tasks : [task('a', { priority: 'high' }), task('b'), task('c')])))
    run.next()
    run.end('a', nothingLeft)
    run.next()
    return run
  }

  it('holds each task that it keeps waiting, in their order, and says whose quota it is', () => {
    const run = usedUp()
    expect(gates(run)).toEqual(['a quota', 'b quota', 'c quota'])
    expect(gate(run)).toMatchObject({ waits: 'waits for a quota: paid has nothing left: it was quota_exhausted', answers: [{ intent: 'approve', means: 'paid is asked again now, for all that waits for it' }, { intent: 'reject' }, { intent: 'skip' }] })
    expect(run.log.filter(({ type }) => type === 'gate.opened')).toMatchObject(['a', 'b', 'c'].map((id) => ({ task: id, gate: 'quota', providers: ['paid'] })))
  })

  it('takes no slot: what goes elsewhere goes on', () => {
    const run = usedUp({}, task('a', { priority: 'high' }), task('b', { provider: 'other' }))
    expect(['a', 'b'].map(run.status)).toEqual(['held', 'running'])
  })

  it('approved, it is asked for again, for all that waits for it', () => {
    const run = usedUp()
    const { id, shown } = gate(run, 'b') ?? {}
    expect(run.send({ type: 'approve', task: 'b', gate: id, shown, ...ada })).toBeUndefined()
    expect(run.state.gates.get(id ?? '')?.end).toMatchObject({ how: 'answered', answer: 'approved', by: 'ada' })
    expect(run.log.filter(({ type }) => type === 'provider.back')).toMatchObject([{ provider: 'paid', reason: 'ada asked for it' }])
    expect(run.log.filter(({ type }) => type === 'gate.lifted')).toMatchObject([{ task: 'a' }, { task: 'c' }])
    expect(run.starts()).toEqual(['a'])
    expect(['a', 'b', 'c'].map(run.status)).toEqual(['running', 'ready', 'ready'])
    expect(run.replay()).toEqual(run.state)
  })

  it('takes a yes for each of several tasks: one has them all asked for', () => {
    const run = usedUp()
    const before = ids(run)
    for (const [at, id] of ['a', 'b', 'c'].entries()) expect(run.send({ type: 'approve', task: id, gate: before[at], ...ada })).toBeUndefined()
    expect(run.log.filter(({ type }) => type === 'provider.back')).toHaveLength(1)
    run.next()
    run.end('a')
    // However far it has come by the time that somebody says yes to it, too.
    const events = run.log.length
    expect(run.send({ type: 'approve', task: 'b', gate: before[1], ...ada })).toBeUndefined()
    expect(run.log).toHaveLength(events)
    expect(messages(run.send({ type: 'reject', task: 'b', gate: before[1], ...ada }))).toMatch(/is there no more/)
    expect(messages(run.send({ type: 'approve', task: 'a', ...ada }))).toMatch(/nothing to approve/)
  })

  it('asked for again in vain, it is another gate, and one attempt has found it out', () => {
    const run = usedUp()
    const [before] = ids(run)
    run.send({ type: 'approve', task: 'a', ...ada })
    expect(run.starts()).toEqual(['a'])
    run.end('a', nothingLeft)
    run.next()
    expect(gates(run)).toEqual(['a quota', 'b quota', 'c quota'])
    expect(ids(run)).not.toContain(before)
    expect(messages(run.send({ type: 'approve', task: 'a', gate: before, ...bob }))).toMatch(/was approved already, by ada/)
  })

  it('rejected, its task is cancelled, and the others go on waiting', () => {
    const run = usedUp()
    run.send({ type: 'reject', task: 'a', comment: 'too dear', ...ada })
    expect(run.state.tasks.get('a')?.state).toMatchObject({ status: 'cancelled', reason: 'rejected by ada: too dear' })
    run.send({ type: 'skip', task: 'b', ...ada })
    expect(gates(run)).toEqual(['c quota'])
  })

  it('takes no other answer', () => {
    const run = usedUp()
    const says = '"a" waits for a quota: approve it to have "paid" asked again, or reject it'
    expect(messages(run.send({ type: 'send-back', task: 'a', comment: 'more', ...ada }))).toBe(says)
    expect(messages(run.send({ type: 'answer', task: 'a', answers: ['more'], ...ada }))).toBe(says)
  })

  it.each([
    ['retry-now', { type: 'retry-now', by: 'ada' }],
    ['a retry of one of its tasks', { type: 'retry', task: 'b', descendants: false, by: 'ada' }],
  ] as const)('is no gate any more after %s', (_, wish) => {
    const run = usedUp()
    run.send(wish)
    expect(gates(run)).toEqual([])
    expect(run.starts()).toEqual(['a'])
  })

  it('waits for what is done again in front of it, when that has its provider asked again', () => {
    const run = conductor({ ...stays, ...two })
    run.add(plan(task('a'), task('b', { depends_on: ['a'] })))
    run.next()
    run.end('a')
    run.next()
    run.end('b', nothingLeft)
    run.next()
    run.send({ type: 'retry', task: 'a', descendants: false, by: 'ada' })
    expect(gates(run)).toEqual([])
    expect(run.starts()).toEqual(['a'])
    expect(run.status('b')).toBe('waiting')
    run.end('a')
    expect(run.starts()).toEqual(['b'])
  })

  it('is no gate where a task has another route that can be used, or that comes back by itself', () => {
    for (const outcome of [undefined, known]) {
      const run = usedUp(both, task('a'))
      expect(run.state.tasks.get('a')?.attempts.at(-1)?.route.provider).toBe('other')
      if (outcome !== undefined) run.end('a', outcome)
      run.next()
      expect(gates(run)).toEqual([])
    }
  })

  it('names everybody who has nothing left, and asks all of them', () => {
    const run = usedUp(both, task('a'))
    run.end('a', nothingLeft)
    run.next()
    expect(gate(run)?.waits).toMatch(/^waits for a quota: paid has nothing left: .*; other has nothing left: /)
    run.send({ type: 'approve', task: 'a', ...ada })
    expect(run.log.flatMap((event) => (event.type === 'provider.back' ? [event.provider] : []))).toEqual(['paid', 'other'])
  })

  it('is no gate where it is known when it is back', () => {
    const run = conductor({ ...stays, ...two })
    run.add(plan(task('a')))
    run.next()
    run.end('a', known)
    run.next()
    expect(gates(run)).toEqual([])
    run.pass(60_000)
    expect(run.starts()).toEqual(['a'])
  })

  it('is lifted by settings that give its task another route, and stays where they do not', () => {
    const run = usedUp()
    const before = ids(run)
    const change = (default_provider: string) => run.send({ type: 'reconfigure', settings: settings({ ...stays, ...two, default_provider }), prices: ['paid', 'other'].map((provider) => ({ provider, price: { kind: 'free' } })), keys: ['tiers'] })
    change('paid')
    expect([run.next(), ids(run)]).toEqual([[], before])
    change('other')
    expect(gates(run)).toEqual([])
    expect(run.starts()).toEqual(['a'])
    expect(run.replay()).toEqual(run.state)
  })

  it('stands under the same name when its conductor was killed, and goes on once it is approved', () => {
    const run = usedUp()
    const before = ids(run)
    run.crash(0)
    run.resume()
    expect([run.next(), ids(run)]).toEqual([[], before])
    expect(run.replay()).toEqual(run.state)
    run.send({ type: 'approve', task: 'a', gate: before[0], ...ada })
    expect(run.starts()).toEqual(['a'])
  })

  it('is asked for again by whoever takes up a run that was left', () => {
    const run = usedUp({ when_held: 'leave' })
    expect(run.state.phase).toMatchObject({ phase: 'stopped', reason: '3 tasks wait for a quota' })
    const [before] = ids(run)
    run.resume()
    // What was decided meanwhile is taken in then.
    expect(run.send({ type: 'approve', task: 'a', gate: before, ...ada })).toBeUndefined()
    expect(run.starts()).toEqual(['a'])
  })

  it('is asked for again once an hour where nobody answers, or as its task says', () => {
    const hourly = usedUp()
    expect(gate(hourly)?.due).toEqual({ at: '2026-11-20T13:00:00.000Z', does: 'approve' })
    hourly.pass(3_600_000)
    expect(hourly.log.filter(({ type }) => type === 'provider.back')).toHaveLength(1)
    expect(hourly.starts()).toEqual(['a'])
    const skipped = usedUp({}, task('a', { gate_timeout_s: 60, on_timeout: 'skip' }))
    skipped.pass(61_000)
    expect(skipped.status('a')).toBe('skipped')
    expect(gate(usedUp({}, task('a', { on_timeout: 'hold' })))?.due).toBeUndefined()
  })

  it('waits behind a pause, and is none of a run that is paused', () => {
    const run = usedUp()
    run.send({ type: 'pause', task: 'a', ...ada })
    run.send({ type: 'pause', ...ada })
    run.send({ type: 'retry-now', ...ada })
    expect(run.next()).toEqual([])
    expect(gates(run)).toEqual(['a paused'])
  })
})
