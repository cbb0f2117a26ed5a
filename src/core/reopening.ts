import { blocked, causeOf, type Cause } from './ending.ts'
import type { EventBody } from './events.ts'
import { buildGraph } from './graph.ts'
import { dependenciesOf, taskOf, type RunState } from './state.ts'
import { hasEnded, isAsking, letsDependentsRun, stopsDependents, type Task } from './task-state.ts'

/** What is done again together, dependencies first; and what stays blocked all the same, now because of another task. */
export type Reopening = { again: Task[]; stuck: { task: Task; cause: Cause }[] }

/**
 * What doing an ended task again comes to. What was blocked behind it can run again, unless something else is in its
 * way; what has ended otherwise stays as it is, unless a person wants all `descendants` to be done again.
 */
export function reopeningOf(state: RunState, root: Task, descendants: boolean): Reopening {
  const again = new Map([[root.spec.id, root]])
  const stuck = new Map<string, { task: Task; cause: Cause }>()
  for (const task of behind(state, root, descendants)) {
    const obstacle = dependenciesOf(state, task.spec).find((other) => !again.has(other.spec.id) && stopsDependents(other))
    if (obstacle === undefined) again.set(task.spec.id, task)
    else if (task.state.status === 'blocked' && again.has(task.state.by)) {
      stuck.set(task.spec.id, { task, cause: stuck.get(obstacle.spec.id)?.cause ?? causeOf(state, obstacle.spec.id) })
    }
  }
  return { again: [...again.values()], stuck: [...stuck.values()] }
}

/** Tasks behind one that have ended, dependencies first: all of them, or those that stand blocked one after the other. */
function behind(state: RunState, root: Task, descendants: boolean): Task[] {
  const found = new Set([root])
  for (const { dependents } of found) {
    for (const id of dependents) {
      const task = taskOf(state, id)
      if (descendants || task.state.status === 'blocked') found.add(task)
    }
  }
  found.delete(root)
  const graph = buildGraph([...found].map(({ spec }) => spec), () => true)
  if ('problems' in graph) throw new Error(`bug: what stands behind "${root.spec.id}" cannot be put into order`)
  return graph.order.map(({ id }) => taskOf(state, id)).filter((task) => hasEnded(task.state.status))
}

/** A task at work on what one of these has given it, with that one: it would be left with what is no longer true. */
export function atWorkBehind(state: RunState, { again }: Reopening): { task: Task; behind: Task } | undefined {
  for (const one of again) {
    if (!letsDependentsRun(one)) continue
    for (const id of one.dependents) {
      const task = taskOf(state, id)
      if (task.state.status === 'running' || task.state.status === 'checking' || isAsking(task.state)) return { task, behind: one }
    }
  }
  return undefined
}

/** The events of doing a task again. @param by who wants it */
export function reopen({ again, stuck }: Reopening, root: string, by: string): EventBody[] {
  const reopened = (id: string): EventBody => ({ type: 'task.reopened', task: id, by, ...(id === root ? {} : { behind: root }) })
  return [
    ...again.map(({ spec }) => reopened(spec.id)),
    ...stuck.flatMap(({ task: { spec }, cause }) => [reopened(spec.id), blocked(spec.id, cause)]),
  ]
}
