import type { Event } from './events.ts'
import { emptyHeap, insert, remove } from './heap.ts'
import { readyEntry, readyOrder, retryOrder } from './order.ts'
import type { Route } from './route.ts'
import { standAt, standingAgain, standingOf } from './standing.ts'
import { settingsOf, taskOf, type Lane, type RunFile, type RunState } from './state.ts'
import { hasEnded, lastAttempt, letsDependentsRun, type Task, type TaskState, type Attempt } from './task-state.ts'
import type { FileStatus, TaskSpec } from './task.ts'

/**
 * Puts a task into its next state and keeps every index in step: the one way a task's state changes.
 * @param meanwhile changes what the indexes know a task by, while it stands in none of them
 */
export function move(state: RunState, task: Task, next: TaskState, at: string, meanwhile = () => {}): void {
  leave(state, task)
  state.counts[task.state.status]--
  meanwhile()
  task.state = next
  state.counts[next.status]++
  enter(state, task, at)
}

function leave(state: RunState, task: Task): void {
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
      return
    case 'checking':
      state.toCheck.delete(id)
      state.toInterrupt.delete(id)
      if (now.step === 'begun') state.checksBegun--
      return
    case 'held':
    case 'complete':
    case 'incomplete':
    case 'failed':
    case 'blocked':
    case 'skipped':
    case 'cancelled':
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

function needsApproval(state: RunState, { spec, approved }: Task): boolean {
  const { approval } = settingsOf(state)
  if (!spec.requires_approval || approved || approval.mode === 'auto') return false
  return spec.type === undefined || !approval.auto_approve_types.includes(spec.type)
}

function end(state: RunState, task: Task, at: string): void {
  task.ended_at = at
  state.left--
  const file = state.files.get(task.spec.file)
  if (file !== undefined && --file.left === 0) fileIsDue(state, file, statusOfFile(state, file))
  if (!letsDependentsRun(task)) return
  for (const id of task.dependents) {
    const dependent = taskOf(state, id)
    dependent.missing--
    if (dependent.missing === 0 && dependent.state.status === 'waiting') move(state, dependent, { status: 'ready' }, at)
  }
}

/** Asks for a status to be written into a file; only the inbox's files carry one. */
export function fileIsDue(state: RunState, file: RunFile, status: FileStatus): void {
  if (!file.inbox) return
  file.due = status
  if (file.step === 'idle') state.toFile.add(file.file)
}

/** A file is as well off as the worst of its tasks; one of which nothing ran is still to be done. */
function statusOfFile(state: RunState, file: RunFile): FileStatus {
  const tasks = file.tasks.map((id) => taskOf(state, id))
  const has = (...statuses: string[]) => tasks.some((task) => statuses.includes(task.state.status))
  if (has('failed')) return 'failed'
  if (tasks.every((task) => task.state.status === 'complete')) return 'complete'
  return tasks.some((task) => task.attempts.length > 0) ? 'incomplete' : 'pending'
}

/** Adds a task; what it depends on is there already. */
export function addTask(state: RunState, spec: TaskSpec, rank: number, at: string): void {
  const task: Task = {
    spec,
    state: { status: 'waiting', for: { what: 'dependencies' } },
    ...standingOf(state, spec),
    tries: 0,
    cached: undefined,
    rank,
    order: state.tasks.size,
    missing: 0,
    dependents: [],
    attempts: [],
    approved: false,
  }
  state.tasks.set(spec.id, task)
  state.names.set(spec.id.toLowerCase(), spec.id)
  state.counts.waiting++
  state.left++
  const file = state.files.get(spec.file)
  if (file !== undefined) {
    file.tasks.push(spec.id)
    file.left++
  }
  link(state, task)
  if (task.missing === 0) move(state, task, { status: 'ready' }, at)
}

/** Replaces what a task that has not started asks for. */
export function reviseTask(state: RunState, spec: TaskSpec, rank: number, at: string): void {
  const task = taskOf(state, spec.id)
  for (const dependency of dependenciesOf(state, task.spec)) {
    dependency.dependents = dependency.dependents.filter((dependent) => dependent !== spec.id)
  }
  move(state, task, { status: 'waiting', for: { what: 'dependencies' } }, at)
  task.spec = spec
  task.rank = rank
  Object.assign(task, standingOf(state, spec))
  task.cached = undefined
  task.approved = false
  link(state, task)
  if (task.missing === 0) move(state, task, { status: 'ready' }, at)
}

function link(state: RunState, task: Task): void {
  task.missing = 0
  for (const dependency of dependenciesOf(state, task.spec)) {
    dependency.dependents.push(task.spec.id)
    if (!letsDependentsRun(dependency)) task.missing++
  }
}

/** The tasks of this run that a task depends on; one of an earlier run has completed and is waited for no more. */
function dependenciesOf(state: RunState, spec: TaskSpec): Task[] {
  const own = [...new Set(spec.depends_on)].filter((id) => state.tasks.has(id) || !state.earlier.has(id))
  return own.map((id) => taskOf(state, id))
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

/** Gives a task the place that its new rank asks for. */
export function rankTask(state: RunState, task: Task, rank: number, at: string): void {
  task.rank = rank
  if (task.state.status === 'ready') move(state, task, { status: 'ready' }, at)
}

/** A new conductor with new settings: what was under way is due again, on the route it would take now. */
export function resumeTask(state: RunState, task: Task, at: string): void {
  const now = task.state
  if (hasEnded(now.status)) return
  const standing = { ...standingAgain(state, task), cached: undefined }
  if (now.status === 'running') Object.assign(task, standing)
  else move(state, task, resumed(now), at, () => Object.assign(task, standing))
}

/** Checks and looks that were begun are due again, and what there was no money for is held against the limits as they are now. */
function resumed(now: TaskState): TaskState {
  if (now.status === 'checking') return { ...now, step: 'due' }
  if (now.status === 'waiting' && now.for.what === 'cache') return { status: 'ready' }
  return now.status === 'held' && now.gate === 'budget' ? { status: 'ready' } : now
}
