import type { RunState } from '../state.ts'
import { hasEnded, TASK_STATUSES, type TaskStatus } from '../task-state.ts'

/** What the graph needs of a run. */
type Plan = Pick<RunState, 'tasks' | 'counts'>
type Tasks = RunState['tasks']

/** Tasks that are not shown one by one. `before`: what is shown depends on some of them; `behind`: some of them depend on what is shown. */
export type Group = { id: string; stands: 'before' | 'behind'; is: 'done' | 'waiting'; count: number; /** How many came to no good end, or are under way. */ odd: number }

/** A part of the graph, with the rest of it folded. Every line that is drawn of it stands for a dependency. */
export type Folded = { nodes: { id: string; depends_on: string[] }[]; groups: ReadonlyMap<string, Group> }

/** Shows `most` tasks around some, those first that are reached in the fewest steps, and folds the others. */
export function foldGraph(plan: Plan, around: readonly string[], most: number): Folded {
  const { tasks } = plan
  const shown = nearest(tasks, around, most)
  foldWhatReachesOut(tasks, shown, new Set(around))
  return folded(plan, shown, 'all')
}

/** The tasks that stand at most so many steps before or behind a task; what is next to these is folded. */
export function neighbourhood(plan: Plan, id: string, depth: number, most: number): Folded {
  const shown = new Set<string>()
  const sides = [dependenciesOf, dependentsOf].map((side) => {
    const found = new Set([id])
    let edge = [id]
    for (let step = 0; step < depth; step++) {
      edge = edge.flatMap((from) => side(plan.tasks, from)).filter((other) => found.size < most && !found.has(other) && found.add(other))
    }
    for (const one of found) shown.add(one)
    return found
  })
  const [before = new Set(), behind = new Set()] = sides
  return folded(plan, shown, { before, behind })
}

function dependenciesOf(tasks: Tasks, id: string): readonly string[] {
  return tasks.get(id)?.spec.depends_on.filter((other) => tasks.has(other)) ?? []
}

function dependentsOf(tasks: Tasks, id: string): readonly string[] {
  return tasks.get(id)?.dependents ?? []
}

function isDone(tasks: Tasks, id: string): boolean {
  const task = tasks.get(id)
  return task !== undefined && hasEnded(task.state.status)
}

function nearest(tasks: Tasks, around: readonly string[], most: number): Set<string> {
  const shown = new Set(around.filter((id) => tasks.has(id)))
  // The set grows while it is walked: what is nearest comes first.
  for (const id of shown) {
    for (const side of [dependentsOf, dependenciesOf]) {
      for (const other of side(tasks, id)) {
        if (shown.size >= most) return shown
        shown.add(other)
      }
    }
  }
  return shown
}

/**
 * Takes out what is done and leads to something that is not shown, and what waits for something that is not shown: what is
 * folded then lies before all that is shown, or behind it.
 */
function foldWhatReachesOut(tasks: Tasks, shown: Set<string>, kept: ReadonlySet<string>): void {
  for (let count = -1; count !== shown.size; ) {
    count = shown.size
    for (const id of shown) {
      if (kept.has(id)) continue
      const reachesOut = isDone(tasks, id)
        ? dependentsOf(tasks, id).some((other) => !shown.has(other))
        : dependenciesOf(tasks, id).some((other) => !shown.has(other) && !isDone(tasks, other))
      if (reachesOut) shown.delete(id)
    }
  }
}

/** Whose lines into groups are drawn, and then only what these lead to is counted. */
type Sides = 'all' | Readonly<Record<Group['stands'], ReadonlySet<string>>>

function folded(plan: Plan, shown: Set<string>, sides: Sides): Folded {
  const { tasks } = plan
  const members = new Map<string, Set<string>>()
  const fold = (stands: Group['stands'], id: string): string => {
    const group = groupId(stands, isDone(tasks, id) ? 'done' : 'waiting')
    add(members, group, id)
    return group
  }
  const folds = (stands: Group['stands'], id: string) => sides === 'all' || sides[stands].has(id)
  const leadingTo = new Map<string, Set<string>>()
  const order = (id: string) => tasks.get(id)?.order ?? 0
  const nodes = [...shown].sort((a, b) => order(a) - order(b)).map((id) => {
    const dependencies = dependenciesOf(tasks, id).filter((other) => shown.has(other) || folds('before', id))
    const before = dependencies.map((other) => (shown.has(other) ? other : fold('before', other)))
    if (folds('behind', id)) for (const other of dependentsOf(tasks, id)) if (!shown.has(other)) add(leadingTo, fold('behind', other), id)
    return { id, depends_on: [...new Set(before)] }
  })
  const groups = groupsOf(plan, shown, members, sides === 'all')
  // A single task says more than its number.
  for (const { id, count } of groups) {
    const [single] = members.get(id) ?? []
    if (sides === 'all' && count === 1 && single !== undefined) return folded(plan, shown.add(single), sides)
  }
  // The first ones stand on top: what no line leads to is no beginning.
  const isFirst = ({ id, stands }: Group) => stands === 'before' && members.has(id)
  const nodeOf = ({ id }: Group) => ({ id, depends_on: [...(leadingTo.get(id) ?? [])] })
  return {
    nodes: [...groups.filter(isFirst).map(nodeOf), ...nodes, ...groups.filter((group) => !isFirst(group)).map(nodeOf)],
    groups: new Map(groups.map((group) => [group.id, group])),
  }
}

/** With `all`, what no line leads to is counted too: what is done as before what is shown, what waits as behind it. */
function groupsOf({ tasks, counts }: Plan, shown: ReadonlySet<string>, members: ReadonlyMap<string, ReadonlySet<string>>, all: boolean): Group[] {
  const left = { ...counts }
  const take = (id: string) => {
    const status = tasks.get(id)?.state.status
    if (status !== undefined) left[status]--
  }
  const group = (stands: Group['stands'], is: Group['is']): Group => {
    const id = groupId(stands, is)
    const own = [...(members.get(id) ?? [])]
    return { id, stands, is, count: own.length, odd: own.filter((one) => isOdd(tasks.get(one)?.state.status)).length }
  }
  const main = (stands: Group['stands'], is: Group['is'], statuses: readonly TaskStatus[]): Group => {
    const near = group(stands, is)
    const sum = (some: readonly TaskStatus[]) => some.reduce((total, status) => total + left[status], 0)
    return all ? { ...near, count: Math.max(near.count, sum(statuses)), odd: Math.max(near.odd, sum(statuses.filter(isOdd))) } : near
  }
  for (const id of shown) take(id)
  for (const id of [...(members.get(groupId('behind', 'done')) ?? []), ...(members.get(groupId('before', 'waiting')) ?? [])]) take(id)
  return [
    main('before', 'done', TASK_STATUSES.filter(hasEnded)),
    group('before', 'waiting'),
    group('behind', 'done'),
    main('behind', 'waiting', TASK_STATUSES.filter((status) => !hasEnded(status))),
  ].filter(({ count }) => count > 0)
}

/** Whether a task is neither well done nor waiting. */
function isOdd(status: TaskStatus | undefined): boolean {
  switch (status) {
    case undefined:
    case 'complete':
    case 'skipped':
    case 'waiting':
    case 'ready':
      return false
    case 'held':
    case 'running':
    case 'checking':
    case 'incomplete':
    case 'failed':
    case 'blocked':
    case 'cancelled':
      return true
  }
}

/** No task has such an id: theirs hold no spaces. */
function groupId(stands: Group['stands'], is: Group['is']): string {
  return `${is} ${stands}`
}

function add(sets: Map<string, Set<string>>, key: string, one: string): void {
  const set = sets.get(key)
  if (set === undefined) sets.set(key, new Set([one]))
  else set.add(one)
}
