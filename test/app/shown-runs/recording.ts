import fc from 'fast-check'
import type { Command } from '../../../src/core/commands.ts'
import type { Event } from '../../../src/core/events.ts'
import type { Outcome } from '../../../src/core/outcome.ts'
import { runFolder } from '../../../src/store/run-folder.ts'
import { ANSWERED, conductor, failure } from '../../core/conductor.ts'
import { plan, settings, task } from '../../core/specs.ts'
import { anyWish, intentOf } from '../../core/wishes.ts'

/** Where the recorded runs of these tests would lie. */
export const FOLDER = runFolder('/nowhere/runs', '20261120-120000-0000')

/** What happens next in a run, and how long it takes. */
const anyTurn = fc.record({
  pick: fc.nat(),
  outcome: fc.constantFrom<Outcome>(ANSWERED, ANSWERED, failure('timeout'), failure('provider_down'), failure('interrupted')),
  passes: fc.boolean(),
  takes_ms: fc.constantFrom(0, 1, 40, 900, 20_000, 3_600_000),
  resumes: fc.constantFrom(false, false, false, true),
  wish: anyWish,
  /** Whether what is recorded next belongs to the same step. */
  more: fc.boolean(),
})
type Turn = typeof anyTurn extends fc.Arbitrary<infer Each> ? Each : never

/** The log of any run: failures, retries, decisions of people, conductors that come and go. It need not be over. */
export const anyLog: fc.Arbitrary<Event[]> = fc.tuple(fc.array(fc.array(fc.nat(), { maxLength: 2 }), { minLength: 1, maxLength: 8 }), fc.array(anyTurn, { maxLength: 40 })).map(([dependencies, turns]) => recorded(dependencies, turns))

function recorded(dependencies: readonly number[][], turns: readonly Turn[]): Event[] {
  const budget = { ...settings().budget, day: 5_000 }
  const run = conductor({ max_concurrent: 2, retries: 1, when_held: 'stay', budget }, [{ provider: 'rehearsal', price: { kind: 'fixed', micro_usd: 1000 } }])
  const specs = dependencies.map((on, index) =>
    task(`t${index}`, {
      checks: index % 2 === 0 ? [{ rule: 'contains', value: 'x' }] : [],
      requires_approval: index % 3 === 2,
      depends_on: index === 0 ? [] : [...new Set(on.map((number) => `t${number % index}`))],
    }),
  )
  run.add(plan(...specs))
  let pending: Command[] = run.next()
  for (const { pick, outcome, passes, takes_ms, resumes, wish } of turns) {
    if (run.state.phase.phase === 'closed') break
    if (resumes || run.state.phase.phase === 'stopped') {
      pending = []
      run.resume()
    }
    if (wish !== undefined) run.send(intentOf(run.state, wish))
    run.pass(takes_ms)
    const [command] = pending.splice(pick % Math.max(1, pending.length), 1)
    if (command?.type === 'start-attempt') run.send({ type: 'attempt-ended', task: command.spec.id, attempt: command.attempt, outcome })
    if (command?.type === 'check') run.send({ type: 'checks-ended', task: command.spec.id, attempt: command.attempt, rows: [{ rule: 'contains', expected: 'x', found: 'y', passed: passes }] })
    if (command?.type === 'file') run.send({ type: 'filed', file: command.file, status: command.status, path: command.path })
    if (command?.type === 'probe') run.send({ type: 'probed', provider: command.provider, found: passes ? 'ready' : 'unreachable', detail: '' })
    pending.push(...run.next())
  }
  return run.log.map((event, index) => ({ ...event, ...(turns[index]?.more === true && index < run.log.length - 1 ? { more: true as const } : {}) }))
}

/** What a run says of itself at these times, in ms since its beginning: a plan of one task, and then whatever does no harm. */
export function logAt(...times: number[]): Event[] {
  const run = conductor()
  run.add(plan(task('only')))
  const began = Date.parse('2026-11-20T12:00:00.000Z')
  const opening = run.log.map((event) => ({ ...event, more: true as const }))
  const { seq } = run.state
  return [
    ...opening,
    ...times.map((ms, index): Event => ({ v: 1, seq: seq + 1 + index, at: new Date(began + ms).toISOString(), type: index % 2 === 0 ? 'run.paused' : 'run.unpaused', by: 'test' })),
  ]
}
