import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Command } from '../../src/core/commands.ts'
import { Event } from '../../src/core/events.ts'
import type { Outcome } from '../../src/core/outcome.ts'
import { reduce } from '../../src/core/reduce.ts'
import { dependenciesOf, emptyState, type RunState } from '../../src/core/state.ts'
import { whyNot } from '../../src/core/steering.ts'
import { hasEnded, letsDependentsRun, stopsDependents } from '../../src/core/task-state.ts'
import type { TaskSpec } from '../../src/core/task.ts'
import { ANSWERED, conductor, failure } from './conductor.ts'
import { expectIndexesToAgree } from './recount.ts'
import { plan, task } from './specs.ts'
import { anyWish, intentOf, unpauseAll } from './wishes.ts'

/** Any plan without a cycle: a task depends only on tasks that come before it, and the file shuffles them. */
const anyPlan: fc.Arbitrary<TaskSpec[]> = fc
  .array(
    fc.record({
      dependencies: fc.array(fc.nat(), { maxLength: 3 }),
      priority: fc.constantFrom('low', 'medium', 'high', 'critical'),
      on_failure: fc.constantFrom('block', 'block', 'continue'),
      requires_approval: fc.constantFrom(false, false, false, true),
      review: fc.constantFrom(false, false, false, true),
      max_questions: fc.nat(3),
      checked: fc.boolean(),
      retries: fc.nat(2),
      file: fc.constantFrom('one.md', 'two.md', 'three.md'),
      command: fc.boolean(),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .chain((drafts) => {
    const specs = drafts.map(({ dependencies, checked, command, ...rest }, index) =>
      task(`t${index}`, {
        ...rest,
        work: command ? { kind: 'command', command: 'true' } : { kind: 'prompt', prompt: 'p' },
        checks: checked ? [{ rule: 'contains', value: 'x' }] : [],
        depends_on: index === 0 ? [] : [...new Set(dependencies.map((n) => `t${n % index}`))],
      }),
    )
    return fc.shuffledSubarray(specs, { minLength: specs.length })
  })

const anyOutcome: fc.Arbitrary<Outcome> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Outcome>(ANSWERED) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('timeout', 'rate_limited', 'auth', 'bad_request', 'provider_down', 'bad_output', 'command_failed', 'interrupted', 'quota_exhausted')
      .map((kind) => failure(kind as 'timeout')),
  },
)

/** What the world does next: which of the things under way ends, how, whether the conductor is killed first, and what a person wants. */
const anyStep = fc.record({
  pick: fc.nat(),
  outcome: anyOutcome,
  passes: fc.boolean(),
  crash: fc.constantFrom(false, false, false, false, true),
  /** A person edits a file, or deletes it, while the run goes on. */
  edit: fc.constantFrom<'none' | 'drop a task' | 'drop an edge' | 'delete'>('none', 'none', 'none', 'drop a task', 'drop an edge', 'delete'),
  wish: anyWish,
  /** What runs asks first. */
  asks: fc.constantFrom(undefined, undefined, undefined, 'where?', 'how?'),
})

type Pending = Extract<Command, { type: 'start-attempt' | 'check' | 'file' | 'probe' }>

function play(specs: TaskSpec[], steps: Array<typeof anyStep extends fc.Arbitrary<infer Step> ? Step : never>, concurrency: number, look: (state: RunState) => void = () => {}) {
  const run = conductor({ max_concurrent: concurrency, retries: 1, when_held: 'leave' })
  const starts: { id: string; dependenciesDone: boolean; running: number }[] = []
  let pending: Pending[] = []
  expect(run.add(plan(...specs))).toBeUndefined()

  function gather(): void {
    for (const command of run.next()) {
      if (command.type === 'start-attempt' || command.type === 'check' || command.type === 'file' || command.type === 'probe') pending.push(command)
      // Whoever is told goes on, and needs room for it.
      if (command.type === 'tell') expect(run.state.counts.running).toBeLessThanOrEqual(concurrency)
      if (command.type !== 'start-attempt') continue
      const dependencies = command.spec.depends_on.map((id) => run.state.tasks.get(id))
      const dependenciesDone = dependencies.every((dependency) => dependency !== undefined && letsDependentsRun(dependency))
      starts.push({ id: command.spec.id, dependenciesDone, running: run.state.counts.running })
    }
  }

  function edit({ edit, pick }: { edit: string; pick: number }): void {
    const file = ['one.md', 'two.md', 'three.md'][pick % 3] ?? ''
    if (edit === 'none' || run.state.phase.phase !== 'open') return
    if (edit === 'delete') return void run.send({ type: 'withdraw', file })
    const own = [...run.state.tasks.values()].filter(({ spec, attempts, state }) => spec.file === file && attempts.length === 0 && !hasEnded(state.status))
    const left = edit === 'drop a task' ? own.slice(1) : own
    const specs = left.map(({ spec }) => (edit === 'drop an edge' ? { ...spec, depends_on: spec.depends_on.slice(1) } : spec))
    // What it is refused for is told elsewhere; here it must not do harm.
    if (specs.length > 0) run.add(plan(...specs))
  }

  let turns = 0
  gather()
  while (run.state.phase.phase !== 'closed' || turns < steps.length) {
    if (++turns > 2_000) throw new Error('the run does not end')
    // When the generated steps are used up, everything that is left goes well.
    const step = steps[turns - 1] ?? { pick: 0, outcome: ANSWERED, passes: true, crash: false, edit: 'none' as const, wish: 'unpause all' as const, asks: undefined }
    edit(step)
    // A run that is over is opened again for what a person wants to be done again.
    if (run.state.phase.phase === 'closed') {
      const intent = step.wish === undefined || step.wish === 'unpause all' ? undefined : intentOf(run.state, step.wish)
      if (intent?.type !== 'retry' || whyNot(run.state, intent) !== undefined) continue
      pending = []
      run.resume()
    }
    if (step.wish === 'unpause all') unpauseAll(run)
    else if (step.wish !== undefined && run.state.phase.phase === 'open') {
      const intent = intentOf(run.state, step.wish)
      const why = whyNot(run.state, intent)
      expect(run.send(intent)?.problems.map(({ message }) => message)).toEqual(why === undefined ? undefined : [why])
    }
    if (step.crash || run.state.phase.phase === 'stopped') {
      pending = []
      if (step.crash) run.crash((step.pick % 10) / 9)
      run.resume()
      unpauseAll(run)
    }
    const [command] = pending.splice(step.pick % Math.max(1, pending.length), 1)
    if (command === undefined) run.pass(120_000)
    else if (command.type === 'start-attempt' && step.asks !== undefined && run.status(command.spec.id) === 'running') {
      pending.push(command)
      run.send({ type: 'asked', task: command.spec.id, attempt: command.attempt, question: { kind: 'question', asks: [{ text: step.asks, options: [] }] } })
    } else if (command.type === 'start-attempt') {
      run.send({ type: 'attempt-ended', task: command.spec.id, attempt: command.attempt, outcome: step.outcome })
    } else if (command.type === 'check') {
      const rows = [{ rule: 'contains', expected: 'x', found: 'y', passed: step.passes }]
      run.send({ type: 'checks-ended', task: command.spec.id, attempt: command.attempt, rows })
    } else if (command.type === 'probe') {
      run.send({ type: 'probed', provider: command.provider, found: step.passes ? 'ready' : 'unreachable', detail: '' })
    } else run.send({ type: 'filed', file: command.file, status: command.status, path: command.path })
    gather()
    look(run.state)
  }
  return { run, starts }
}

describe('for any plan, any order of outcomes, and crashes in between', () => {
  const anyPlay = fc.record({ specs: anyPlan, steps: fc.array(anyStep, { maxLength: 80 }), concurrency: fc.integer({ min: 1, max: 6 }) })

  it('no task starts before its dependencies completed, no limit is passed, every run ends, no task is lost', () => {
    fc.assert(
      fc.property(anyPlay, ({ specs, steps, concurrency }) => {
        const { run, starts } = play(specs, steps, concurrency)
        expect(starts.every(({ dependenciesDone }) => dependenciesDone)).toBe(true)
        expect(starts.every(({ running }) => running <= concurrency)).toBe(true)
        expect(run.state.tasks.size).toBe(specs.length)
        expect([...run.state.tasks.values()].every(({ state }) => hasEnded(state.status))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('every task ends once, and what has ended is never started again, unless a person has it reopened', () => {
    fc.assert(
      fc.property(anyPlay, ({ specs, steps, concurrency }) => {
        const { run } = play(specs, steps, concurrency)
        const ended = new Set<string>()
        for (const event of run.log) {
          if (event.type === 'attempt.started') expect(ended).not.toContain(event.task)
          if (event.type === 'task.reopened') expect(ended.delete(event.task)).toBe(true)
          if (event.type !== 'task.ended') continue
          expect(ended).not.toContain(event.task)
          ended.add(event.task)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('a gate is answered once, by an answer that names it, and a task that waits at one is not worked on', () => {
    fc.assert(
      fc.property(anyPlay, ({ specs, steps, concurrency }) => {
        const { log } = play(specs, steps, concurrency).run
        let state = emptyState()
        for (const event of log) {
          if (event.type === 'gate.answered') expect(state.gates.get(event.gate ?? '')).toMatchObject({ task: event.task, end: undefined })
          state = reduce(state, event)
          if (event.type === 'gate.answered') expect(state.gates.get(event.gate ?? '')?.end).toMatchObject({ how: 'answered', by: event.by })
          if (event.type === 'attempt.started') expect([...state.gates.values()].filter(({ task: id, end }) => id === event.task && end === undefined)).toEqual([])
        }
      }),
      { numRuns: 200 },
    )
  })

  it('what a person ends while it is under way ends as they wanted', () => {
    fc.assert(
      fc.property(anyPlay, ({ specs, steps, concurrency }) => {
        const { log } = play(specs, steps, concurrency).run
        for (const [index, wish] of log.entries()) {
          if (wish.type !== 'task.ending') continue
          const end = log.slice(index).find((event) => event.type === 'task.ended' && event.task === wish.task)
          expect(end).toMatchObject({ status: wish.status, asked_by: wish.by })
        }
      }),
      { numRuns: 100 },
    )
  })

  it('folding the log gives exactly the live state', () => {
    fc.assert(
      fc.property(anyPlay, ({ specs, steps, concurrency }) => {
        const { run } = play(specs, steps, concurrency)
        expect(run.replay()).toEqual(run.state)
        // As it comes back from the disk.
        const read = run.log.map((event) => Event.parse(JSON.parse(JSON.stringify(event))))
        expect(read.reduce(reduce, emptyState())).toEqual(run.state)
      }),
      { numRuns: 100 },
    )
  })

  it('counters and indexes agree with the tasks', () => {
    fc.assert(
      fc.property(anyPlay, ({ specs, steps, concurrency }) => {
        const { state } = play(specs, steps, concurrency, expectIndexesToAgree).run
        const counted = Object.values(state.counts).reduce((a, b) => a + b, 0)
        expect(counted).toBe(specs.length)
        expect(state.left).toBe(0)
        expect([...state.lanes.values()].flatMap(({ ready }) => ready.entries)).toEqual([])
        expect([...state.running.values()].every((count) => count === 0)).toBe(true)
        expect([state.retries.entries.length, state.toCheck.size, state.checksBegun, state.filing, state.toFile.size]).toEqual([0, 0, 0, 0, 0])
      }),
      { numRuns: 200 },
    )
  })

  it('a task is blocked where a dependency does not let it run, and says behind which task it stands', () => {
    fc.assert(
      fc.property(anyPlay, ({ specs, steps, concurrency }) => {
        const { state } = play(specs, steps, concurrency).run
        for (const { spec, state: end } of state.tasks.values()) {
          if (end.status !== 'blocked') continue
          expect(dependenciesOf(state, spec).some(stopsDependents)).toBe(true)
          expect(['failed', 'incomplete', 'cancelled']).toContain(state.tasks.get(end.by)?.state.status)
        }
      }),
      { numRuns: 100 },
    )
  })
})
