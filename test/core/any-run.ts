import fc from 'fast-check'
import type { Command } from '../../src/core/commands.ts'
import type { Outcome } from '../../src/core/outcome.ts'
import type { TaskSpec } from '../../src/core/task.ts'
import { ANSWERED, conductor, failure } from './conductor.ts'
import { plan, task } from './specs.ts'
import { anyWish, intentOf } from './wishes.ts'

const TIERS = { local: [{ provider: 'own' }], complex: [{ provider: 'big' }] }
const PROVIDERS = { own: { type: 'rehearsal' }, big: { type: 'rehearsal' }, command: { type: 'command' } }

const anyTask = fc.record({
  dependencies: fc.array(fc.nat(), { maxLength: 2 }),
  priority: fc.constantFrom<TaskSpec['priority']>('low', 'medium', 'high'),
  on_failure: fc.constantFrom<TaskSpec['on_failure']>('block', 'continue'),
  requires_approval: fc.constantFrom(false, false, true),
  tier: fc.constantFrom('local', 'complex'),
  type: fc.constantFrom('fix', 'docs'),
})

const anyOutcome = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Outcome>({ ...ANSWERED, usage: { input: 1_000, output: 1_000 } }) },
  { weight: 1, arbitrary: fc.constantFrom<Outcome>(failure('timeout'), failure('bad_request'), failure('provider_down'), failure('rate_limited'), failure('quota_exhausted')) },
)

const anyStep = fc.record({ pick: fc.nat(), outcome: anyOutcome, passes: fc.constantFrom(0, 500, 5_000, 60_000), wish: anyWish, resume: fc.constantFrom(false, false, false, true), add: fc.constantFrom(false, false, true) })

/** What can happen to a run: tasks come, attempts end well or badly, time passes, people want things, a conductor comes back. */
export const anyCourse = fc.record({ tasks: fc.array(anyTask, { minLength: 1, maxLength: 12 }), steps: fc.array(anyStep, { maxLength: 30 }), dollars: fc.constantFrom(null, 30_000) })
type Course = typeof anyCourse extends fc.Arbitrary<infer Each> ? Each : never

/** Plays a course, and looks at the run after each of its steps. */
export function playCourse({ tasks, steps, dollars }: Course, look: (run: ReturnType<typeof conductor>) => void, begin: (run: ReturnType<typeof conductor>) => void = () => {}): void {
  const price = { kind: 'tokens' as const, tariff: { rates: { input_per_mtok: 1, output_per_mtok: 5 } }, source: 'config' as const }
  const dear = { kind: 'tokens' as const, tariff: { rates: { input_per_mtok: 3, output_per_mtok: 15 } }, source: 'config' as const }
  const budget = { day: dollars, month: null, project: null, run: null, task: null, warn_at_pct: 80, on_limit: 'hold' as const, time_zone: 'UTC' }
  const run = conductor({ tiers: TIERS, providers: PROVIDERS, default_provider: 'own', retries: 1, when_held: 'stay', max_concurrent: 3, budget }, [
    { provider: 'own', price },
    { provider: 'big', price: dear },
  ])
  const specs = tasks.map(({ dependencies, ...rest }, index) => task(`t${index}`, { ...rest, file: `${index}.md`, depends_on: index === 0 ? [] : [...new Set(dependencies.map((n) => `t${n % index}`))] }))
  const late = specs.splice(Math.ceil(specs.length / 2))
  begin(run)
  run.add(plan(...specs))
  let pending: Extract<Command, { type: 'start-attempt' | 'check' }>[] = []
  const gather = () => {
    for (const command of run.next()) if (command.type === 'start-attempt' || command.type === 'check') pending.push(command)
  }
  gather()
  look(run)
  for (const step of steps) {
    if (run.state.phase.phase === 'closed') return
    const next = step.add ? late.shift() : undefined
    if (next !== undefined) run.add(plan(next))
    if (step.wish !== undefined) run.send(intentOf(run.state, step.wish))
    if (step.passes > 0) run.pass(step.passes)
    if (step.resume || run.state.phase.phase === 'stopped') {
      run.resume()
      pending = []
    }
    const [command] = pending.splice(step.pick % Math.max(1, pending.length), 1)
    if (command?.type === 'start-attempt') run.send({ type: 'attempt-ended', task: command.spec.id, attempt: command.attempt, outcome: step.outcome })
    if (command?.type === 'check') run.send({ type: 'checks-ended', task: command.spec.id, attempt: command.attempt, rows: [] })
    gather()
    look(run)
  }
}
