import { limitToWarnOf } from './budget.ts'
import type { Command } from './commands.ts'
import { comesBack } from './condition.ts'
import { hasSlot, start } from './decide-start.ts'
import { endWithoutCompleting } from './ending.ts'
import { needsReview, timeoutOf } from './gate-policy.ts'
import type { EventBody } from './events.ts'
import { top } from './heap.ts'
import { openQuotaGate } from './quota.ts'
import { routeAt } from './route.ts'
import { shownHash } from './shown.ts'
import { heldAt, settingsOf, taskOf, type RunFile, type RunState } from './state.ts'
import { answerOf, isAsking, lastAttempt, type Gate } from './task-state.ts'
import { plural } from './units.ts'

/**
 * The one thing to do next, or nothing for now. The loop records `issued(state, command)` before it asks
 * again, so every answer is given once. The cost of an answer depends on the number of providers and tiers, not of tasks.
 */
export function decide(state: RunState): Command | undefined {
  switch (state.phase.phase) {
    case 'open':
      return interrupt(state) ?? tell(state) ?? file(state) ?? openGate(state) ?? check(state) ?? warn(state) ?? probe(state) ?? start(state) ?? openQuotaGate(state) ?? finish(state)
    case 'draining':
      return interrupt(state) ?? tell(state) ?? file(state) ?? check(state) ?? drained(state, state.phase.reason)
    case 'stopping':
      return interrupt(state) ?? file(state) ?? leaveWhenQuiet(state, state.phase.reason)
    case 'empty':
    case 'stopped':
    case 'closed':
      return undefined
  }
}

/** The events that say a command was given out. They are on disk before the command is performed. */
export function issued(state: RunState, command: Command): EventBody[] {
  switch (command.type) {
    case 'start-attempt': {
      const { spec, attempt, route, reserved, session } = command
      return [
        {
          type: 'attempt.started',
          task: spec.id,
          attempt,
          route,
          ...(reserved === undefined ? {} : { reserved }),
          ...(session.attempt === attempt ? {} : { session: session.attempt }),
        },
      ]
    }
    case 'look-up':
      return [{ type: 'cache.asked', task: command.start.spec.id }]
    case 'interrupt-attempt':
      return [{ type: 'attempt.interrupting', task: command.task, attempt: command.attempt }]
    case 'check':
      return [{ type: 'check.started', task: command.spec.id, attempt: command.attempt }]
    case 'tell':
      return [{ type: 'question.told', task: command.task, attempt: command.attempt }]
    case 'file':
      return [{ type: 'filing.started', file: command.file, status: command.status }]
    case 'open-gate': {
      const { type: _, ...gate } = command
      return [{ type: 'gate.opened', ...gate }]
    }
    case 'downgrade': {
      const { task, rung } = command
      return [{ type: 'route.changed', task, why: 'downgrade', rung, turn: 0, to: routeAt(taskOf(state, task).ladder, rung, 0) }]
    }
    case 'stop-spending':
      return [{ type: 'budget.stopped', reason: command.reason }]
    case 'give-up': {
      const task = taskOf(state, command.task)
      // It ran, and was not good enough for what it may cost.
      return endWithoutCompleting(state, [task], { status: answerOf(task) === undefined ? 'failed' : 'incomplete', reason: command.reason })
    }
    case 'warn': {
      const { type: _, ...warning } = command
      return [{ type: 'budget.warned', ...warning }]
    }
    case 'probe':
      return [{ type: 'provider.probing', provider: command.provider }]
    case 'close':
      return [{ type: 'run.closed', status: command.status }]
    case 'stop':
      return [{ type: 'run.stopping', reason: command.reason }]
    case 'leave':
      return [{ type: 'run.stopped', reason: command.reason }]
  }
}

/** When something is due by time alone (ISO 8601): a retry, a gate that nobody answers, a provider, another day; the earliest. */
export function nextWakeAt(state: RunState): string | undefined {
  let next = top(state.retries)?.until
  const consider = (time: string | undefined) => {
    if (time !== undefined && (next === undefined || time < next)) next = time
  }
  consider(top(state.timeouts)?.until)
  if (state.phase.phase === 'draining') consider(state.phase.until)
  for (const condition of state.conditions.values()) if (condition.is === 'waiting' || condition.is === 'resting') consider(condition.until)
  if (state.counts.held > 0) consider(state.budget.today?.ends_at)
  return next
}

function file(state: RunState): Command | undefined {
  for (const name of state.toFile) {
    const { path, due, content_sha256 } = fileOf(state, name)
    if (due !== undefined) return { type: 'file', file: name, path, status: due, content_sha256 }
  }
  return undefined
}

function fileOf(state: RunState, name: string): RunFile {
  const found = state.files.get(name)
  if (found === undefined) throw new Error(`bug: there is no file ${name} in run ${state.run}`)
  return found
}

function openGate(state: RunState): Command | undefined {
  for (const id of state.toGate) {
    const { spec } = taskOf(state, id)
    const timeout = timeoutOf(state, spec)
    return { type: 'open-gate', task: id, gate: 'approval', shown: shownHash({ gate: 'approval', spec }), ...(timeout === undefined ? {} : { timeout }) }
  }
  return undefined
}

/** One that runs is told at once; one that gave its slot away while it waited needs one to go on. */
function tell(state: RunState): Command | undefined {
  for (const [id, telling] of state.toTell) {
    const { state: now } = taskOf(state, id)
    if (now.status !== 'running' && (!isAsking(now) || !hasRoomFor(state, id))) continue
    return { type: 'tell', task: id, attempt: now.attempt, telling }
  }
  return undefined
}

function hasRoomFor(state: RunState, id: string): boolean {
  const provider = lastAttempt(taskOf(state, id))?.route.provider
  return state.phase.phase === 'open' && hasSlot(state, provider)
}

/** Checks are work of this machine: as many at once as there may be attempts. */
function check(state: RunState): Command | undefined {
  if (state.checksBegun >= settingsOf(state).max_concurrent) return undefined
  for (const id of state.toCheck) {
    const task = taskOf(state, id)
    const answer = answerOf(task)
    if (task.state.status !== 'checking') throw new Error(`bug: "${id}" is to be checked and has no answer`)
    const { attempt } = task.state
    return { type: 'check', spec: task.spec, attempt, output: answer?.output, files: answer?.files ?? [], refused: answer?.refused ?? [], is_reviewed: needsReview(state, task.spec) }
  }
  return undefined
}

function warn(state: RunState): Command | undefined {
  const limit = limitToWarnOf(state.budget, settingsOf(state).budget)
  return limit === undefined ? undefined : { type: 'warn', ...limit }
}

function probe(state: RunState): Command | undefined {
  for (const [provider, condition] of state.conditions) if (condition.is === 'due') return { type: 'probe', provider }
  return undefined
}

function interrupt(state: RunState): Command | undefined {
  for (const id of state.toInterrupt) return { type: 'interrupt-attempt', task: id, attempt: lastAttempt(taskOf(state, id))?.attempt ?? 1 }
  return undefined
}

function finish(state: RunState): Command | undefined {
  if (state.filing > 0) return undefined
  if (state.left === 0) return { type: 'close', status: verdict(state) }
  if (goesOn(state) || (settingsOf(state).when_held === 'stay' && isWorthStaying(state))) return undefined
  const reason = reasonToLeave(state)
  return { type: state.asking.size > 0 ? 'stop' : 'leave', reason }
}

/** Whether a conductor that may stay has something to stay for. What a person has paused is not handed on to another run. */
function isWorthStaying(state: RunState): boolean {
  return state.paused !== undefined || (!state.budget.stopped && !isUsedUp(state))
}

/** Whether anything will happen without a person: something runs, or what is ready waits for a provider that comes back. */
function goesOn(state: RunState): boolean {
  const { running, checking } = state.counts
  if (running + checking + state.lookUps.size + state.toTell.size > 0) return true
  if (state.paused !== undefined) return false
  if (top(state.retries) !== undefined) return true
  if (state.budget.stopped) return false
  for (const { ready, routes } of state.lanes.values()) {
    if (top(ready) !== undefined && routes.some(({ provider }) => comesBack(state.conditions.get(provider)))) return true
  }
  return false
}

/** Whether what waits for money waits for the run's own limit: no other day changes that, but another run can begin. */
function isUsedUp(state: RunState): boolean {
  const held = heldAt(state, 'budget')
  const isForRun = held.length > 0 && held.every(({ state: now }) => now.status === 'held' && now.gate === 'budget' && now.limit === 'run')
  return isForRun && heldAt(state, 'paused').length === 0
}

function reasonToLeave(state: RunState): string {
  if (state.paused !== undefined) return 'paused'
  if (state.budget.stopped) return 'a limit of the budget was reached'
  const held = (gate: Gate) => heldAt(state, gate).length
  const some = (count: number, one: string, more: string) => (count === 0 ? [] : [count === 1 ? `a task ${one}` : `${plural(count, 'task')} ${more}`])
  const waits = (count: number, what: string) => some(count, `waits for ${what}`, `wait for ${what}`)
  return [...waits(held('approval'), 'approval'), ...waits(held('review'), 'review'), ...waits(held('question'), 'an answer'), ...waits(held('budget'), 'money'), ...waits(held('quota'), 'a quota'), ...some(held('paused'), 'is paused', 'are paused'), ...waits(state.counts.ready, 'a provider')].join(', ')
}

/** What is done by the time that the last attempt has ended is over, and not left. */
function drained(state: RunState, reason: string): Command | undefined {
  const left = leaveWhenQuiet(state, reason)
  return left !== undefined && state.left === 0 ? { type: 'close', status: verdict(state) } : left
}

function leaveWhenQuiet(state: RunState, reason: string): Command | undefined {
  const quiet = state.counts.running === 0 && state.checksBegun === 0 && state.filing === 0 && state.asking.size === 0 && (state.phase.phase === 'stopping' || state.toCheck.size === 0)
  return quiet ? { type: 'leave', reason } : undefined
}

function verdict({ counts }: RunState): 'succeeded' | 'failed' | 'cancelled' {
  if (counts.failed + counts.incomplete + counts.blocked > 0) return 'failed'
  return counts.cancelled > 0 ? 'cancelled' : 'succeeded'
}
