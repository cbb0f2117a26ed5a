import type { Event } from './events.ts'
import { emptyHeap, insert, remove } from './heap.ts'
import { readyEntry, readyOrder, retryOrder } from './order.ts'
import { needsApproval } from './gate-policy.ts'
import { fileIsDue, fileOf, statusOfFile } from './reduce-file.ts'
import { stillWaits } from './quota.ts'
import type { Route, Target } from './route.ts'
import { standAt, standingAgain, standingOf } from './standing.ts'
import { taskOf, type Lane, type RunState } from './state.ts'
import { hasEnded, isAsking, isUnderWay, lastAttempt, letsDependentsRun, type Task, type TaskState, type Attempt } from './task-state.ts'

/**
 * Puts a task into its next state and keeps every index in step: the one way a task's state changes. One that is
 * paused is held where it would be ready.
 * @param meanwhile changes what the indexes know a task by, while it stands in none of them
 */
export function move(state: RunState, task: Task, next: TaskState, at: string, meanwhile = () => {}): void {
  const before = task.state
  leave(state, task, at)
  state.counts[before.status]--
  meanwhile()
  task.state = next.status === 'ready' && task.paused !== undefined ? { status: 'held', gate: 'paused', since: at, by: task.paused } : next
  state.counts[task.state.status]++
  endGate(state, before, task.state, at)
  enter(state, task, at)
}

/** A gate that a task has gone away from, and that nobody has answered, is there no more. */
function endGate({ gates }: RunState, before: TaskState, now: TaskState, at: string): void {
  const left = before.status === 'held' && before.gate !== 'paused' ? before.id : undefined
  const isSame = now.status === 'held' && now.gate !== 'paused' && now.id === left
  const record = left === undefined || isSame ? undefined : gates.get(left)
  if (record !== undefined) record.end ??= { how: 'lifted', at }
}

function leave(state: RunState, task: Task, at: string): void {
  const { id } = task.spec
  const now = task.state
  switch (now.status) {
    case 'waiting':
      if (now.for.what === 'retry') remove(state.retries, id, retryOrder)
      if (now.for.what === 'cache') state.lookUps.delete(id)
      return
    case 'ready': {
      const lane = state.lanes.get(task.lane)
      if (lane !== undefined) remove(lane.ready, id, readyOrder)
      state.toGate.delete(id)
      return
    }
    case 'running':
      count(state.running, takenRoute(task).provider, -1)
      state.toInterrupt.delete(id)
      state.toTell.delete(id)
      return
    case 'checking':
      state.toCheck.delete(id)
      state.toInterrupt.delete(id)
      if (now.step === 'begun') state.checksBegun--
      return
    case 'held':
      state.asking.delete(id)
      state.toTell.delete(id)
      state.toInterrupt.delete(id)
      remove(state.timeouts, id, retryOrder)
      return
    case 'complete':
    case 'incomplete':
    case 'failed':
    case 'blocked':
    case 'skipped':
    case 'cancelled':
      unend(state, task, at)
  }
}

function enter(state: RunState, task: Task, at: string): void {
  const { id } = task.spec
  const now = task.state
  switch (now.status) {
    case 'waiting':
      if (now.for.what === 'retry') insert(state.retries, { id, until: now.for.until, order: task.order }, retryOrder)
      if (now.for.what === 'cache') state.lookUps.add(id)
      return
    case 'ready':
      if (needsApproval(state, task)) state.toGate.add(id)
      else insert(laneOf(state, task).ready, readyEntry(task), readyOrder)
      return
    case 'running':
      count(state.running, takenRoute(task).provider, 1)
      return
    case 'checking':
      if (now.step === 'due') state.toCheck.add(id)
      else state.checksBegun++
      return
    case 'held':
      if (now.gate !== 'paused' && now.due !== undefined) insert(state.timeouts, { id, until: now.due.at, order: task.order }, retryOrder)
      if (isAsking(now)) state.asking.add(id)
      // Whoever leaves does not wait for an answer.
      if (isAsking(now) && state.phase.phase !== 'open') state.toInterrupt.add(id)
      return
    case 'complete':
    case 'incomplete':
    case 'failed':
    case 'blocked':
    case 'skipped':
    case 'cancelled':
      end(state, task, at)
  }
}

/** The route of the attempt under way; the task's own may have changed since, by new settings. */
function takenRoute(task: Task): Route {
  return lastAttempt(task)?.route ?? task.route
}

function laneOf(state: RunState, { lane, routes }: Task): Lane {
  const known = state.lanes.get(lane)
  if (known !== undefined) return known
  const made: Lane = { routes, ready: emptyHeap() }
  state.lanes.set(lane, made)
  return made
}

function count(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by)
}

function end(state: RunState, task: Task, at: string): void {
  task.ended_at = at
  task.paused = undefined
  task.ending = undefined
  state.left--
  const file = fileOf(state, task)
  if (file !== undefined && --file.left === 0) fileIsDue(state, file, statusOfFile(state, file))
  if (!letsDependentsRun(task)) return
  for (const id of task.dependents) {
    const dependent = taskOf(state, id)
    dependent.missing--
    if (dependent.missing === 0 && dependent.state.status === 'waiting') move(state, dependent, { status: 'ready' }, at)
  }
}

/** What stands behind it and has not ended waits for it again. */
function unend(state: RunState, task: Task, at: string): void {
  task.ended_at = undefined
  state.left++
  const file = fileOf(state, task)
  // It belongs to the run again, and lies where it lay before it was filed away.
  if (file !== undefined && file.left++ === 0) fileIsDue(state, file, file.attempts === 0 ? 'pending' : 'running')
  if (!letsDependentsRun(task)) return
  for (const id of task.dependents) {
    const dependent = taskOf(state, id)
    dependent.missing++
    if (!hasEnded(dependent.state.status)) move(state, dependent, { status: 'waiting', for: { what: 'dependencies' } }, at)
  }
}

/** A task that has ended is to be done again, from the beginning: nothing of before counts against it. */
export function reopenTask(state: RunState, task: Task, at: string): void {
  move(state, task, task.missing === 0 ? { status: 'ready' } : { status: 'waiting', for: { what: 'dependencies' } }, at, () => {
    for (const attempt of task.attempts) giveBack(task, attempt)
    Object.assign(task, standingOf(state, task.spec))
    task.past = task.attempts.length
    task.cached = undefined
    task.approved = false
    task.comments = []
    task.replies = []
  })
}

/** Another rung begins its tries anew; another route of the same rung is tried instead of the one that is down. */
export function changeRoute(state: RunState, task: Task, { why, rung, turn, at }: Extract<Event, { type: 'route.changed' }>): void {
  move(state, task, { status: 'ready' }, at, () => {
    // A task that there was no money for does not come back to where it was too dear.
    Object.assign(task, standAt(task.ladder, rung, turn, why === 'downgrade' ? rung : task.ceiling))
    task.cached = undefined
    if (why === 'fallback') giveBack(task, lastAttempt(task))
    else for (const attempt of task.attempts) giveBack(task, attempt)
  })
}

/** An attempt that counted against its task's retries does so no more. */
export function giveBack(task: Task, attempt: Attempt | undefined): void {
  if (attempt?.counted !== true) return
  attempt.counted = false
  task.tries--
}

/** The next try begins with the first route of the rung again. */
export function retryTask(state: RunState, task: Task, { until, reason, at }: Extract<Event, { type: 'retry.scheduled' }>): void {
  move(state, task, { status: 'waiting', for: { what: 'retry', until, reason } }, at, () => {
    if (task.turn !== 0) Object.assign(task, standAt(task.ladder, task.rung, 0, task.ceiling))
  })
}

/** A new conductor with new settings: what was under way is due again, on the route it would take now. */
export function resumeTask(state: RunState, task: Task, at: string): void {
  const now = task.state
  if (hasEnded(now.status)) return
  const standing = { ...standingAgain(state, task), cached: undefined }
  if (now.status === 'running') Object.assign(task, standing)
  else move(state, task, resumed(state, now, standing.routes), at, () => Object.assign(task, standing))
}

/** Other settings while the run goes on: what is under way stays as it is, and the rest stands where it would stand now. */
export function restandTask(state: RunState, task: Task, at: string): void {
  const now = task.state
  if (hasEnded(now.status)) return
  const standing = standingAgain(state, task)
  const restand = () => void Object.assign(task, standing)
  if (isUnderWay(task) || now.status === 'checking' || (now.status === 'waiting' && now.for.what === 'cache')) return restand()
  move(state, task, isLookedAtAgain(state, now, standing.routes) ? { status: 'ready' } : now, at, () => {
    restand()
    task.cached = undefined
  })
}

/** Checks and looks that were begun are due again. @param routes those that the task has now */
function resumed(state: RunState, now: TaskState, routes: readonly Target[]): TaskState {
  if (now.status === 'checking') return { ...now, step: 'due' }
  if (now.status === 'waiting' && now.for.what === 'cache') return { status: 'ready' }
  return isLookedAtAgain(state, now, routes) ? { status: 'ready' } : now
}

/** What there was no money for is held against the limits as they are now; what waited for a quota, against its routes as they are now. */
function isLookedAtAgain(state: RunState, now: TaskState, routes: readonly Target[]): boolean {
  return now.status === 'held' && (now.gate === 'budget' || (now.gate === 'quota' && !stillWaits(state, now, routes)))
}
