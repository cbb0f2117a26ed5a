import type { Event } from './events.ts'
import { reserve, settle } from './budget.ts'
import { reduceMoney } from './reduce-money.ts'
import { countFailures, reduceProvider, resumeProviders } from './reduce-provider.ts'
import { addTask, changeRoute, fileIsDue, move, rankTask, resumeTask, retryTask, reviseTask } from './reduce-task.ts'
import { countsAsTry } from './condition.ts'
import { taskOf, type RunState } from './state.ts'
import type { Attempt } from './task-state.ts'

/**
 * Takes one event into the state: `state = events.reduce(reduce, emptyState())`. The state is changed in
 * place and returned, because a copy would cost more with every task; no one but the loop calls this on
 * a live state. The same events always give the same state: there is no clock and no chance in here.
 */
export function reduce(state: RunState, event: Event): RunState {
  state.seq = event.seq
  switch (event.type) {
    case 'run.opened':
      state.run = event.run
      state.project = event.project
      state.version = event.version
      state.settings = event.settings
      state.opened_at = event.at
      state.phase = { phase: 'open' }
      return state
    case 'run.resumed':
      return resume(state, event)
    case 'run.stopping':
      state.phase = { phase: 'stopping', reason: event.reason }
      for (const task of state.tasks.values()) {
        const { status } = task.state
        if (status === 'running' || (status === 'checking' && !state.toCheck.has(task.spec.id))) state.toInterrupt.add(task.spec.id)
      }
      return state
    case 'run.stopped':
      state.phase = { phase: 'stopped', reason: event.reason }
      state.ended_at = event.at
      return state
    case 'run.closed':
      state.phase = { phase: 'closed', status: event.status }
      state.ended_at = event.at
      return state

    case 'day.turned':
    case 'budget.counted':
    case 'budget.warned':
    case 'budget.stopped':
    case 'prices.read':
      reduceMoney(state, event)
      return state

    case 'provider.waiting':
    case 'provider.resting':
    case 'provider.due':
    case 'provider.probing':
    case 'provider.gone':
    case 'provider.back':
      reduceProvider(state, event)
      return state

    case 'file.read':
    case 'filing.started':
    case 'filing.finished':
      return reduceFile(state, event)

    case 'task.adopted':
      state.earlier.set(event.task, event.earlier)
      return state
    case 'task.added':
      addTask(state, event.task, event.rank, event.at)
      return state
    case 'task.revised':
      reviseTask(state, event.task, event.rank, event.at)
      return state
    case 'tasks.ranked':
      for (const [id, rank] of Object.entries(event.ranks)) rankTask(state, taskOf(state, id), rank, event.at)
      return state
    case 'gate.opened': {
      const { gate, limit, reason = '' } = event
      move(state, taskOf(state, event.task), gate === 'approval' ? { status: 'held', gate } : { status: 'held', gate, limit, reason }, event.at)
      return state
    }
    case 'gate.lifted':
      taskOf(state, event.task).cached = undefined
      move(state, taskOf(state, event.task), { status: 'ready' }, event.at)
      return state
    case 'cache.asked':
      move(state, taskOf(state, event.task), { status: 'waiting', for: { what: 'cache' } }, event.at)
      return state
    case 'cache.told':
      taskOf(state, event.task).cached = event.hit
      move(state, taskOf(state, event.task), { status: 'ready' }, event.at)
      return state
    case 'gate.answered': {
      const task = taskOf(state, event.task)
      task.approved = true
      move(state, task, { status: 'ready' }, event.at)
      return state
    }
    case 'task.ended':
      return endTask(state, event)

    case 'attempt.started':
    case 'attempt.interrupting':
    case 'attempt.finished':
    case 'check.started':
    case 'check.finished':
    case 'check.interrupted':
    case 'retry.scheduled':
    case 'retry.due':
    case 'route.changed':
      return reduceAttempt(state, event)
  }
}

type FileEvent = Extract<Event, { type: 'file.read' | `filing.${string}` }>
type AttemptEvent = Extract<Event, { type: `attempt.${string}` | `check.${string}` | `retry.${string}` | 'route.changed' }>

function resume(state: RunState, event: Extract<Event, { type: 'run.resumed' }>): RunState {
  state.version = event.version
  state.settings = event.settings
  state.phase = { phase: 'open' }
  state.ended_at = undefined
  state.toInterrupt.clear()
  state.budget.stopped = false
  // What was known of prices may be so no longer: they are read anew.
  state.prices.clear()
  state.budget.warned.clear()
  resumeProviders(state)
  for (const task of state.tasks.values()) resumeTask(state, task, event.at)
  state.filing = 0
  for (const file of state.files.values()) {
    file.step = 'idle'
    if (file.due !== undefined) state.toFile.add(file.file)
  }
  return state
}

function reduceFile(state: RunState, event: FileEvent): RunState {
  if (event.type === 'file.read') {
    const { file, sha256, content_sha256, size, inbox } = event
    const known = state.files.get(file)
    // A name that was used before and filed away may come again, for another file.
    if (known === undefined || (known.left === 0 && known.due === undefined && known.step === 'idle')) {
      state.files.set(file, { file, sha256, content_sha256, size, inbox, path: file, tasks: [], attempts: 0, left: 0, due: undefined, step: 'idle' })
    } else Object.assign(known, { sha256, content_sha256, size, inbox })
    return state
  }

  const file = state.files.get(event.file)
  if (file === undefined) throw new Error(`bug: ${event.file} is not a file of run ${state.run}`)
  if (event.type === 'filing.started') {
    file.step = 'filing'
    state.toFile.delete(file.file)
    state.filing++
    return state
  }
  file.step = 'idle'
  file.path = event.path
  state.filing--
  if (event.problem !== undefined) file.problem = event.problem
  // While this status was being written the next one may have come due.
  if (file.due === event.status) file.due = undefined
  else if (file.due !== undefined) state.toFile.add(file.file)
  return state
}

function endTask(state: RunState, event: Extract<Event, { type: 'task.ended' }>): RunState {
  const task = taskOf(state, event.task)
  const reason = event.reason ?? ''
  switch (event.status) {
    case 'complete':
      move(state, task, { status: 'complete' }, event.at)
      return state
    case 'blocked':
      move(state, task, { status: 'blocked', by: event.by ?? '', reason }, event.at)
      return state
    case 'incomplete':
    case 'failed':
    case 'skipped':
    case 'cancelled':
      move(state, task, { status: event.status, reason }, event.at)
      return state
  }
}

function reduceAttempt(state: RunState, event: AttemptEvent): RunState {
  const task = taskOf(state, event.task)
  switch (event.type) {
    case 'attempt.started': {
      const { attempt, route, reserved, session = attempt } = event
      task.attempts.push({ attempt, route, session, started_at: event.at, ...(reserved === undefined ? {} : { reserved }) })
      if (reserved !== undefined) reserve(state.budget, reserved)
      task.cached = undefined
      move(state, task, { status: 'running', attempt: event.attempt, since: event.at }, event.at)
      const file = state.files.get(task.spec.file)
      if (file !== undefined && file.attempts++ === 0) fileIsDue(state, file, 'running')
      return state
    }
    case 'attempt.interrupting':
      state.toInterrupt.delete(event.task)
      return state
    case 'attempt.finished': {
      const attempt = attemptOf(task.attempts)
      attempt.ended_at = event.at
      attempt.outcome = event.outcome
      if (event.settled !== undefined) attempt.settled = event.settled
      if (attempt.reserved !== undefined && event.settled !== undefined) settle(state.budget, attempt.reserved, event.settled)
      attempt.counted = countsAsTry(event.outcome, state.conditions.get(attempt.route.provider))
      if (attempt.counted) task.tries++
      countFailures(state, attempt.route.provider, event.outcome)
      const answered = event.outcome.result === 'answered'
      move(state, task, answered ? { status: 'checking', attempt: event.attempt, step: 'due' } : { status: 'ready' }, event.at)
      return state
    }
    case 'check.started':
      move(state, task, { status: 'checking', attempt: event.attempt, step: 'begun' }, event.at)
      return state
    case 'check.finished': {
      const attempt = attemptOf(task.attempts)
      attempt.rows = event.rows
      return state
    }
    case 'check.interrupted':
      move(state, task, { status: 'checking', attempt: event.attempt, step: 'due' }, event.at)
      return state
    case 'retry.scheduled':
      retryTask(state, task, event)
      return state
    case 'retry.due':
      move(state, task, { status: 'ready' }, event.at)
      return state
    case 'route.changed':
      changeRoute(state, task, event)
      return state
  }
}

function attemptOf(attempts: Attempt[]): Attempt {
  const attempt = attempts.at(-1)
  if (attempt === undefined) throw new Error('bug: an attempt ended that never started')
  return attempt
}

