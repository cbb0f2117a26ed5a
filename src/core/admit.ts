import { admitPlan } from './admit-plan.ts'
import { endWithoutCompleting } from './ending.ts'
import type { EventBody } from './events.ts'
import { before } from './heap.ts'
import type { Admission, Input, Report } from './intents.ts'
import type { CheckRow, Outcome } from './outcome.ts'
import { retriesOf, retryAfterFailure } from './retry.ts'
import { countedAttempts, hasEnded, settingsOf, taskOf, type RunState, type Task } from './state.ts'

const NOTHING: Admission = { events: [] }

/**
 * Turns an intent or a report into events. It changes nothing itself. A report about an attempt that is
 * no longer under way comes to nothing.
 * @param at now (ISO 8601, UTC)
 */
export function admit(state: RunState, input: Input, at: string): Admission {
  switch (input.type) {
    case 'opened':
      return { events: [{ ...input, type: 'run.opened' }] }
    case 'resumed':
      return { events: resume(state, input) }
    case 'add':
      return admitPlan(state, input.plan)
    case 'withdraw':
      return { events: withdraw(state, input.file) }
    case 'approve-all':
      return { events: approveAll(state, input.by) }
    case 'stop':
      return state.phase.phase === 'open' ? { events: [{ type: 'run.stopping', reason: input.reason }] } : NOTHING
    case 'attempt-ended':
      return { events: attemptEnded(state, input, at) }
    case 'checks-ended':
      return { events: checksEnded(state, input, at) }
    case 'filed': {
      const { type: _, ...filed } = input
      return { events: [{ type: 'filing.finished', ...filed }] }
    }
    case 'tick':
      return { events: dueRetries(state, at) }
  }
}

function resume(state: RunState, { version, settings }: Extract<Report, { type: 'resumed' }>): EventBody[] {
  const events: EventBody[] = [{ type: 'run.resumed', version, settings }]
  for (const { spec, state: now } of state.tasks.values()) {
    if (now.status !== 'running') continue
    const message = 'the conductor was gone before it ended'
    const outcome: Outcome = { result: 'failed', kind: 'interrupted', message, duration_ms: 0 }
    events.push({ type: 'attempt.finished', task: spec.id, attempt: now.attempt, outcome })
  }
  return events
}

function withdraw(state: RunState, file: string): EventBody[] {
  const tasks = (state.files.get(file)?.tasks ?? []).map((id) => taskOf(state, id)).filter((task) => !hasStarted(task))
  return endWithoutCompleting(state, tasks, { status: 'cancelled', reason: `${file} was deleted` })
}

function hasStarted(task: Task): boolean {
  return task.attempts.length > 0 || hasEnded(task.state.status)
}

function approveAll(state: RunState, by: string): EventBody[] {
  return [...state.tasks.values()]
    .filter((task) => task.state.status === 'held')
    .map((task) => ({ type: 'gate.answered', task: task.spec.id, answer: 'approved', by }))
}

function attemptEnded(state: RunState, report: Extract<Report, { type: 'attempt-ended' }>, at: string): EventBody[] {
  const task = taskOf(state, report.task)
  if (task.state.status !== 'running' || task.state.attempt !== report.attempt) return []
  const { attempt, outcome } = report
  const finished: EventBody = { type: 'attempt.finished', task: task.spec.id, attempt, outcome }

  if (outcome.result === 'answered') {
    return needsChecking(task, outcome) ? [finished] : [finished, { type: 'task.ended', task: task.spec.id, status: 'complete' }]
  }
  if (outcome.kind === 'interrupted') return [finished]
  const retries = retriesOf(task.spec, settingsOf(state).retries)
  const next = retryAfterFailure(outcome, task.spec, countedAttempts(task), retries)
  if (next === 'give-up') return [finished, ...endWithoutCompleting(state, [task], { status: 'failed', reason: outcome.message })]
  return [finished, retry(task, `${outcome.kind}: ${outcome.message}`, at, next.delay_ms)]
}

function needsChecking({ spec }: Task, outcome: Extract<Outcome, { result: 'answered' }>): boolean {
  return spec.checks.length > 0 || spec.outputs.length > 0 || (outcome.refused ?? []).length > 0
}

function checksEnded(state: RunState, { task: id, attempt, rows }: Extract<Report, { type: 'checks-ended' }>, at: string): EventBody[] {
  const task = taskOf(state, id)
  if (task.state.status !== 'checking' || task.state.attempt !== attempt) return []
  if (rows === 'interrupted') return [{ type: 'check.interrupted', task: id, attempt }]

  const finished: EventBody = { type: 'check.finished', task: id, attempt, rows }
  const unmet = rows.filter((row) => !row.passed)
  if (unmet.length === 0) return [finished, { type: 'task.ended', task: id, status: 'complete' }]
  const reason = describeUnmet(unmet)
  if (countedAttempts(task) > retriesOf(task.spec, settingsOf(state).retries)) return [finished, ...endWithoutCompleting(state, [task], { status: 'incomplete', reason })]
  // The next attempt is told what was missing; there is nothing to wait for.
  return [finished, retry(task, reason, at, 0), { type: 'retry.due', task: id }]
}

function describeUnmet(rows: readonly CheckRow[]): string {
  const [first] = rows
  const more = rows.length > 1 ? ` (and ${rows.length - 1} more)` : ''
  return first === undefined ? '' : `not met: ${first.expected} (${first.found})${more}`
}

function retry(task: Task, reason: string, at: string, delay_ms: number): EventBody {
  return { type: 'retry.scheduled', task: task.spec.id, reason, until: new Date(Date.parse(at) + delay_ms).toISOString() }
}

function dueRetries(state: RunState, at: string): EventBody[] {
  return before(state.retries, ({ until }) => until <= at).map(({ id }) => ({ type: 'retry.due', task: id }))
}
