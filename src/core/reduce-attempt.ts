import { reserve, settle } from './budget.ts'
import { countsAsTry } from './condition.ts'
import type { Event } from './events.ts'
import { fileIsDue, fileOf } from './reduce-file.ts'
import { countFailures } from './reduce-provider.ts'
import { changeRoute, move, retryTask } from './reduce-task.ts'
import { taskOf, type RunState } from './state.ts'
import { isAsking, type Attempt, type TaskState } from './task-state.ts'

type AttemptEvent = Extract<Event, { type: `attempt.${string}` | `check.${string}` | `retry.${string}` | 'route.changed' }>

/** Takes attempts, their checks and what follows from them into the state. */
export function reduceAttempt(state: RunState, event: AttemptEvent): void {
  const task = taskOf(state, event.task)
  switch (event.type) {
    case 'attempt.started': {
      const { attempt, route, reserved, session = attempt } = event
      task.attempts.push({ attempt, route, session, started_at: event.at, ...(reserved === undefined ? {} : { reserved }) })
      if (reserved !== undefined) reserve(state.budget, reserved)
      task.cached = undefined
      move(state, task, { status: 'running', attempt: event.attempt, since: event.at }, event.at)
      const file = fileOf(state, task)
      if (file !== undefined && file.attempts++ === 0) fileIsDue(state, file, 'running')
      return
    }
    case 'attempt.interrupting':
      state.toInterrupt.delete(event.task)
      return
    case 'attempt.finished': {
      const attempt = attemptOf(task.attempts)
      attempt.ended_at = event.at
      attempt.outcome = event.outcome
      if (event.settled !== undefined) attempt.settled = event.settled
      if (attempt.reserved !== undefined && event.settled !== undefined) settle(state.budget, attempt.reserved, event.settled)
      attempt.counted = countsAsTry(event.outcome, state.conditions.get(attempt.route.provider))
      if (attempt.counted) task.tries++
      countFailures(state, attempt.route.provider, event.outcome)
      move(state, task, after(task.state, event), event.at)
      return
    }
    case 'check.started':
      move(state, task, { status: 'checking', attempt: event.attempt, step: 'begun' }, event.at)
      return
    case 'check.finished': {
      const attempt = attemptOf(task.attempts)
      attempt.rows = event.rows
      return
    }
    case 'check.interrupted':
      move(state, task, { status: 'checking', attempt: event.attempt, step: 'due' }, event.at)
      return
    case 'retry.scheduled':
      retryTask(state, task, event)
      return
    case 'retry.due':
      move(state, task, { status: 'ready' }, event.at)
      return
    case 'route.changed':
      changeRoute(state, task, event)
      return
  }
}

/** A question whose attempt was interrupted stays, unless it has been answered: then the next one asks it again, and is told. */
function after(now: TaskState, { attempt, outcome }: Extract<AttemptEvent, { type: 'attempt.finished' }>): TaskState {
  if (outcome.result === 'answered') return { status: 'checking', attempt, step: 'due' }
  const stays = isAsking(now) && now.reply === undefined && outcome.kind === 'interrupted'
  return stays ? { ...now, live: false } : { status: 'ready' }
}

function attemptOf(attempts: Attempt[]): Attempt {
  const attempt = attempts.at(-1)
  if (attempt === undefined) throw new Error('bug: an attempt ended that never started')
  return attempt
}
