import { blocked, causeOf, type Cause } from './ending.ts'
import type { EventBody } from './events.ts'
import { buildGraph, type Graph } from './graph.ts'
import type { Admission } from './intents.ts'
import type { Plan } from './plan.ts'
import type { Problem } from './problem.ts'
import { chooseRoute } from './route.ts'
import { settingsOf, taskOf, type RunState } from './state.ts'
import { hasEnded, isUntouched, stopsDependents, type Task } from './task-state.ts'
import type { TaskSpec } from './task.ts'

/**
 * Takes a plan into the run, whole or not at all. A task of a file that is in the run already replaces
 * its earlier version, as long as it has not started; a task that the file no longer holds is cancelled.
 */
export function admitPlan(state: RunState, plan: Plan): Admission {
  const clash = plan.tasks.filter((spec) => !mayReplace(namesake(state, spec.id), spec))
  if (clash.length > 0) return refused(clash.map((spec) => taken(state, spec)), canComeLater(state, clash))

  const ids = new Set(plan.tasks.map((spec) => spec.id))
  const dropped = droppedTasks(state, plan, ids)
  const gone = new Set(dropped.map((task) => task.spec.id))
  const revises = gone.size > 0 || plan.tasks.some((spec) => state.tasks.has(spec.id))
  const others = revises ? unended(state, (id) => ids.has(id) || gone.has(id)) : []
  const earlier = new Map(plan.earlier.map((task) => [task.id, task]))
  const known = (id: string) => state.tasks.has(id) || earlier.has(id) || state.earlier.has(id)
  const graph = buildGraph<TaskSpec>([...plan.tasks, ...others], known)
  if ('problems' in graph) return refused(graph.problems, false)
  const orphans = plan.tasks.flatMap((spec) => dependsOnGone(spec, gone))
  if (orphans.length > 0) return refused(orphans, false)
  const unroutable = plan.tasks.flatMap((spec) => routeProblem(state, spec))
  if (unroutable.length > 0) return refused(unroutable, false)

  const added = graph.order.filter((spec) => ids.has(spec.id))
  return {
    events: [
      ...plan.files.map((file): EventBody => ({ type: 'file.read', ...file })),
      ...(plan.prices.length === 0 ? [] : [{ type: 'prices.read' as const, prices: plan.prices }]),
      ...[...earlier.values()].map((task): EventBody => ({ type: 'task.adopted', task: task.id, earlier: task })),
      ...added.map((task): EventBody => {
        const rank = graph.ranks.get(task.id) ?? 1
        return { type: state.tasks.has(task.id) ? 'task.revised' : 'task.added', task, rank }
      }),
      ...raisedRanks(state, added, ids, graph),
      ...dropped.map(({ spec }): EventBody => ({ type: 'task.ended', task: spec.id, status: 'cancelled', reason: 'its file no longer holds it' })),
      ...blockedBy(state, graph.order, dropped),
    ],
  }
}

/** The task that has this id, or one that differs in capitals only. */
function namesake(state: RunState, id: string): Task | undefined {
  return state.tasks.get(state.names.get(id.toLowerCase()) ?? id)
}

function mayReplace(known: Task | undefined, spec: TaskSpec): boolean {
  return known === undefined || (known.spec.id === spec.id && known.spec.file === spec.file && isUntouched(known))
}

function taken(state: RunState, { id, file, line }: TaskSpec): Problem {
  const known = namesake(state, id)?.spec
  const again = known?.id === id && known.file === file
  const what = again ? `the task "${id}" has started already` : `the id "${id}" is taken by ${known?.file}:${known?.line}`
  return { file, line, message: `${what}; ids are unique in a run` }
}

/** A file that was run already can be run again in the next run; two files with one id never can. */
function canComeLater(state: RunState, clash: readonly TaskSpec[]): boolean {
  return clash.every((spec) => state.tasks.get(spec.id)?.spec.file === spec.file)
}

function refused(problems: Problem[], later: boolean): Admission {
  return { events: [], refusal: { problems, later } }
}

function routeProblem(state: RunState, spec: TaskSpec): Problem[] {
  const route = chooseRoute(spec, settingsOf(state))
  return 'problem' in route ? [{ file: spec.file, line: spec.line, message: route.problem }] : []
}

function droppedTasks(state: RunState, plan: Plan, ids: ReadonlySet<string>): Task[] {
  return plan.files
    .flatMap(({ file }) => state.files.get(file)?.tasks ?? [])
    .filter((id) => !ids.has(id))
    .map((id) => taskOf(state, id))
    .filter(isUntouched)
}

/**
 * The rest of the run. A revision can close a circle over it, or block it; new tasks cannot, because
 * nothing depends on them yet.
 */
function unended(state: RunState, isRevised: (id: string) => boolean): TaskSpec[] {
  return [...state.tasks.values()].filter(({ spec, state: now }) => !hasEnded(now.status) && !isRevised(spec.id)).map(({ spec }) => spec)
}

function dependsOnGone({ id, depends_on, file, line }: TaskSpec, gone: ReadonlySet<string>): Problem[] {
  return depends_on
    .filter((other) => gone.has(other))
    .map((other) => ({ file, line, message: `"${id}" depends on "${other}", which its file no longer holds` }))
}

/** New tasks lengthen the paths of the tasks that they depend on. */
function raisedRanks(state: RunState, added: readonly TaskSpec[], own: ReadonlySet<string>, { ranks }: Graph<TaskSpec>): EventBody[] {
  const raised: Record<string, number> = {}
  const others = (spec: TaskSpec) => spec.depends_on.filter((id) => !own.has(id))
  const queue = added.flatMap((spec) => others(spec).map((id) => ({ id, rank: (ranks.get(spec.id) ?? 1) + 1 })))
  for (const { id, rank } of queue) {
    const task = state.tasks.get(id)
    if (task === undefined || own.has(id) || hasEnded(task.state.status) || (raised[id] ?? task.rank) >= rank) continue
    raised[id] = rank
    for (const dependency of task.spec.depends_on) queue.push({ id: dependency, rank: rank + 1 })
  }
  return Object.keys(raised).length === 0 ? [] : [{ type: 'tasks.ranked', ranks: raised }]
}

/**
 * Tasks that can no longer run: behind one that has ended without completing, or that is dropped.
 * @param order dependencies first, as they are after the plan
 */
function blockedBy(state: RunState, order: readonly TaskSpec[], dropped: readonly Task[]): EventBody[] {
  /** By the task that stops: the one that stands at the beginning, and how that one ended. */
  const stopped = new Map<string, Cause>()
  for (const { spec } of dropped) if (spec.on_failure === 'block') stopped.set(spec.id, { by: spec.id, status: 'cancelled' })
  const events: EventBody[] = []
  for (const spec of order) {
    const id = spec.depends_on.find((other) => stopped.has(other) || isInTheWay(state, other))
    if (id === undefined || state.tasks.get(spec.id)?.state.status === 'running') continue
    const cause = stopped.get(id) ?? causeOf(state, id)
    events.push(blocked(spec.id, cause))
    if (spec.on_failure === 'block') stopped.set(spec.id, cause)
  }
  return events
}

function isInTheWay({ tasks }: RunState, id: string): boolean {
  const task = tasks.get(id)
  return task !== undefined && stopsDependents(task)
}
