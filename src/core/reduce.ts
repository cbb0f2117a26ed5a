import type { Event } from './events.ts'
import { reduceAttempt } from './reduce-attempt.ts'
import { addTask, rankTask, reviseTask } from './reduce-plan.ts'
import { reduceFile } from './reduce-file.ts'
import { reduceGate } from './reduce-gate.ts'
import { reduceMoney } from './reduce-money.ts'
import { reduceProvider, resumeProviders } from './reduce-provider.ts'
import { reduceSteering } from './reduce-steering.ts'
import { move, restandTask, resumeTask } from './reduce-task.ts'
import { priceKey } from './price.ts'
import { taskOf, type RunState } from './state.ts'

/**
 * Takes one event into the state: `state = events.reduce(reduce, emptyState())`. The state is changed in
 * place and returned, because a copy would cost more with every task; no one but the loop calls this on
 * a live state. The same events always give the same state: there is no clock and no chance in here.
 */
export function reduce(state: RunState, event: Event): RunState {
  state.seq = event.seq
  if (event.key !== undefined) state.keys.set(event.key, { from: state.keys.get(event.key)?.from ?? event.seq, to: event.seq })
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
    case 'run.draining':
      state.phase = { phase: 'draining', reason: event.reason, until: event.until }
      // Nobody knows how long an answer takes.
      for (const id of state.asking) state.toInterrupt.add(id)
      return state
    case 'run.stopping':
      state.phase = { phase: 'stopping', reason: event.reason }
      for (const task of state.tasks.values()) {
        const { status } = task.state
        if (status === 'running' || (status === 'checking' && !state.toCheck.has(task.spec.id))) state.toInterrupt.add(task.spec.id)
      }
      for (const id of state.asking) state.toInterrupt.add(id)
      return state
    case 'run.stopped':
      state.phase = { phase: 'stopped', reason: event.reason }
      state.ended_at = event.at
      return state
    case 'settings.changed':
      return reconfigure(state, event)
    case 'run.closed':
      state.phase = { phase: 'closed', status: event.status }
      state.paused = undefined
      state.ended_at = event.at
      return state

    case 'run.paused':
    case 'run.unpaused':
    case 'task.prioritized':
    case 'task.paused':
    case 'task.unpaused':
    case 'task.ending':
    case 'task.reopened':
      reduceSteering(state, event)
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
      reduceFile(state, event)
      return state

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
    case 'gate.opened':
    case 'gate.answered':
    case 'gate.lifted':
    case 'question.settled':
    case 'question.withdrawn':
    case 'question.told':
      reduceGate(state, event)
      return state
    case 'cache.asked':
      move(state, taskOf(state, event.task), { status: 'waiting', for: { what: 'cache' } }, event.at)
      return state
    case 'cache.told':
      taskOf(state, event.task).cached = event.hit
      move(state, taskOf(state, event.task), { status: 'ready' }, event.at)
      return state
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
      reduceAttempt(state, event)
      return state
  }
}

function reconfigure(state: RunState, { settings, prices, at }: Extract<Event, { type: 'settings.changed' }>): RunState {
  state.settings = settings
  state.prices.clear()
  for (const { provider, model, price } of prices) state.prices.set(priceKey({ provider, model }), price)
  state.budget.stopped = false
  state.budget.warned.clear()
  for (const task of state.tasks.values()) restandTask(state, task, at)
  return state
}

function resume(state: RunState, event: Extract<Event, { type: 'run.resumed' }>): RunState {
  state.version = event.version
  state.settings = event.settings
  // Whoever leaves says so.
  const wasKilled = state.phase.phase === 'open'
  state.phase = { phase: 'open' }
  state.ended_at = undefined
  state.toInterrupt.clear()
  state.budget.stopped = false
  // What was known of prices may be so no longer: they are read anew.
  state.prices.clear()
  state.budget.warned.clear()
  resumeProviders(state, wasKilled)
  for (const task of state.tasks.values()) resumeTask(state, task, event.at)
  state.filing = 0
  for (const file of state.files.values()) {
    file.step = 'idle'
    if (file.due !== undefined) state.toFile.add(file.file)
  }
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
      move(state, task, { status: event.status, reason }, event.at)
      return state
    case 'skipped':
    case 'cancelled':
      move(state, task, { status: event.status, reason, asked_by: event.asked_by }, event.at)
      return state
  }
}
