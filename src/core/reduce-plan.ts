import { move } from './reduce-task.ts'
import { standingOf } from './standing.ts'
import { dependenciesOf, taskOf, type RunState } from './state.ts'
import { letsDependentsRun, type Task } from './task-state.ts'
import type { TaskSpec } from './task.ts'

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
    past: 0,
    approved: false,
    comments: [],
    replies: [],
    paused: undefined,
    ending: undefined,
    ended_at: undefined,
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

/** Gives a task the place that its new rank asks for. */
export function rankTask(state: RunState, task: Task, rank: number, at: string): void {
  task.rank = rank
  if (task.state.status === 'ready') move(state, task, { status: 'ready' }, at)
}
