import type { Command, Dependency } from './commands.ts'
import type { EventBody } from './events.ts'
import { top } from './heap.ts'
import type { FileRecord, Outcome } from './outcome.ts'
import { readyOrder } from './order.ts'
import { lastAttempt, settingsOf, taskOf, type ReadyEntry, type RunFile, type RunState, type Task } from './state.ts'

/**
 * The one thing to do next, or nothing for now. The loop records `issued(command)` before it asks again,
 * so every answer is given once. The cost of an answer depends on the number of providers, not of tasks.
 */
export function decide(state: RunState): Command | undefined {
  switch (state.phase.phase) {
    case 'open':
      return file(state) ?? openGate(state) ?? check(state) ?? start(state) ?? finish(state)
    case 'stopping':
      return interrupt(state) ?? file(state) ?? leaveWhenQuiet(state, state.phase.reason)
    case 'empty':
    case 'stopped':
    case 'closed':
      return undefined
  }
}

/** The event that says a command was given out. It is on disk before the command is performed. */
export function issued(command: Command): EventBody {
  switch (command.type) {
    case 'start-attempt':
      return { type: 'attempt.started', task: command.spec.id, attempt: command.attempt, route: command.route }
    case 'interrupt-attempt':
      return { type: 'attempt.interrupting', task: command.task, attempt: command.attempt }
    case 'check':
      return { type: 'check.started', task: command.spec.id, attempt: command.attempt }
    case 'file':
      return { type: 'filing.started', file: command.file, status: command.status }
    case 'open-gate':
      return { type: 'gate.opened', task: command.task, gate: 'approval' }
    case 'close':
      return { type: 'run.closed', status: command.status }
    case 'leave':
      return { type: 'run.stopped', reason: command.reason }
  }
}

/** When the next retry is due (ISO 8601), if one waits for its time. */
export function nextRetryAt(state: RunState): string | undefined {
  return top(state.retries)?.until
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
  for (const task of state.toGate) return { type: 'open-gate', task }
  return undefined
}

/** Checks are work of this machine: as many at once as there may be attempts. */
function check(state: RunState): Command | undefined {
  if (state.checksBegun >= settingsOf(state).max_concurrent) return undefined
  for (const id of state.toCheck) {
    const task = taskOf(state, id)
    const answer = answerOf(task)
    const attempt = lastAttempt(task)?.attempt ?? 1
    return { type: 'check', spec: task.spec, attempt, output: answer?.output, files: answer?.files ?? [], refused: answer?.refused ?? [] }
  }
  return undefined
}

function start(state: RunState): Command | undefined {
  const settings = settingsOf(state)
  if (state.counts.running >= settings.max_concurrent) return undefined
  let best: ReadyEntry | undefined
  for (const [provider, lane] of state.ready) {
    const entry = top(lane)
    if (entry === undefined || (state.running.get(provider) ?? 0) >= (settings.per_provider[provider] ?? Infinity)) continue
    if (best === undefined || readyOrder(entry, best) < 0) best = entry
  }
  return best === undefined ? undefined : startAttempt(state, taskOf(state, best.id))
}

function startAttempt(state: RunState, task: Task): Command {
  const { spec, route } = task
  return {
    type: 'start-attempt',
    spec,
    route,
    attempt: task.attempts.length + 1,
    timeout_s: spec.timeout_s ?? settingsOf(state).timeout_s,
    dependencies: spec.depends_on.map((id) => dependency(state, id)),
    feedback: lastRows(task),
  }
}

/** An interrupted attempt says nothing about the answer, so the feedback of the one before it still stands. */
function lastRows(task: Task) {
  return task.attempts.findLast((attempt) => attempt.rows !== undefined)?.rows ?? []
}

function dependency(state: RunState, id: string): Dependency {
  const task = state.tasks.get(id)
  if (task !== undefined) return { id, title: task.spec.title, output: outputOf(task) }
  const earlier = state.earlier.get(id)
  return { id, title: earlier?.title ?? id, output: earlier?.output }
}

/** The output of the last attempt that answered. */
function outputOf(task: Task): FileRecord | undefined {
  return answerOf(task)?.output
}

function answerOf(task: Task): Extract<Outcome, { result: 'answered' }> | undefined {
  for (let i = task.attempts.length - 1; i >= 0; i--) {
    const outcome = task.attempts[i]?.outcome
    if (outcome?.result === 'answered') return outcome
  }
  return undefined
}

function interrupt(state: RunState): Command | undefined {
  for (const id of state.toInterrupt) return { type: 'interrupt-attempt', task: id, attempt: lastAttempt(taskOf(state, id))?.attempt ?? 1 }
  return undefined
}

function finish(state: RunState): Command | undefined {
  if (state.filing > 0) return undefined
  if (state.left === 0) return { type: 'close', status: verdict(state) }
  const { held, running, ready, checking } = state.counts
  const nothingGoesOn = running + ready + checking === 0 && top(state.retries) === undefined
  if (held === 0 || !nothingGoesOn || settingsOf(state).when_held === 'stay') return undefined
  return { type: 'leave', reason: held === 1 ? 'a task waits for approval' : `${held} tasks wait for approval` }
}

function leaveWhenQuiet(state: RunState, reason: string): Command | undefined {
  const quiet = state.counts.running === 0 && state.checksBegun === 0 && state.filing === 0
  return quiet ? { type: 'leave', reason } : undefined
}

function verdict({ counts }: RunState): 'succeeded' | 'failed' | 'cancelled' {
  if (counts.failed + counts.incomplete + counts.blocked > 0) return 'failed'
  return counts.cancelled > 0 ? 'cancelled' : 'succeeded'
}
