import { isUsable } from './condition.ts'
import { whyNotAnswered } from './answering.ts'
import { standing } from './how-it-stands.ts'
import { atWorkBehind, reopeningOf } from './reopening.ts'
import { standingOf } from './standing.ts'
import { dependenciesOf, taskOf, type RunState } from './state.ts'
import { hasEnded, stopsDependents, type Task } from './task-state.ts'
import type { Author, Wish } from './wish.ts'

/**
 * Why something that a person wants cannot be done now, as a sentence for them; undefined where it can. `admit` refuses
 * by the same rules, so a face can say it before it sends the intent.
 */
export function whyNot(state: RunState, wish: Wish & Partial<Author>): string | undefined {
  if (wish.type === 'approve-all' || wish.type === 'retry-now') return undefined
  if ((wish.type === 'pause' || wish.type === 'unpause') && wish.task === undefined) return whyNotTheRun(state, wish.type)
  if (wish.task === undefined) return undefined
  const task = state.tasks.get(wish.task)
  if (task === undefined) return `there is no task "${wish.task}" in this run`
  if ('descendants' in wish && wish.descendants === true && wish.type !== 'retry') return whyNotTheBranch(state, wish.type, task)
  if (task.ending !== undefined) return `${standing(state, task)}${wish.type === 'retry' ? ': it can be done again once it has ended' : ' already'}`
  switch (wish.type) {
    case 'approve':
    case 'reject':
    case 'send-back':
    case 'answer':
      return whyNotAnswered(state, task, wish)
    case 'skip':
    case 'cancel':
      return hasEnded(task.state.status) ? nothingTo(wish.type, state, task) : undefined
    case 'retry':
      return whyNotAgain(state, task, wish.descendants)
    case 'prioritize':
      if (hasEnded(task.state.status)) return nothingTo('prioritize', state, task)
      return task.spec.priority === wish.priority ? `the priority of "${task.spec.id}" is ${wish.priority} already` : undefined
    case 'pause':
      if (hasEnded(task.state.status)) return nothingTo('pause', state, task)
      return task.paused === undefined ? undefined : `"${task.spec.id}" is paused already, by ${task.paused}`
    case 'unpause':
      if (task.paused !== undefined) return undefined
      return `"${task.spec.id}" is not paused${state.paused === undefined ? '' : ': the whole run is'}`
  }
}

function whyNotTheRun({ phase, paused }: RunState, wish: 'pause' | 'unpause'): string | undefined {
  if (phase.phase === 'closed') return 'the run is over'
  if (wish === 'unpause') return paused === undefined ? 'the run is not paused' : undefined
  return paused === undefined ? undefined : `the run is paused already, by ${paused}`
}

/** What a wish for a branch is still to be done to. */
const STILL_TO: Record<'skip' | 'cancel' | 'pause' | 'unpause', (task: Task) => boolean> = {
  skip: ({ ending }) => ending === undefined,
  cancel: ({ ending }) => ending === undefined,
  pause: ({ paused }) => paused === undefined,
  unpause: ({ paused }) => paused !== undefined,
}

function whyNotTheBranch(state: RunState, wish: keyof typeof STILL_TO, root: Task): string | undefined {
  if (branchOf(state, root, true).some(STILL_TO[wish])) return undefined
  const { id } = root.spec
  switch (wish) {
    case 'pause':
      return `"${id}" and all that stands behind it is paused already, or has ended`
    case 'unpause':
      return `neither "${id}" nor anything that stands behind it is paused`
    case 'skip':
    case 'cancel':
      return `${standing(state, root)}, and nothing behind it is left: there is nothing to ${wish}`
  }
}

/** A task, and all that depends on it, directly or not, where that is meant, as far as they have not ended. */
export function branchOf(state: RunState, root: Task, descendants = false): Task[] {
  const found = new Set([root])
  if (descendants) for (const { dependents } of found) for (const id of dependents) found.add(taskOf(state, id))
  return [...found].filter((task) => !hasEnded(task.state.status))
}

function whyNotAgain(state: RunState, task: Task, descendants: boolean): string | undefined {
  const now = task.state
  if (!hasEnded(now.status)) {
    const isAtQuota = now.status === 'held' && now.gate === 'quota'
    const waits = isAtQuota || (now.status === 'waiting' && now.for.what === 'retry') || (now.status === 'ready' && isAway(state, task))
    return waits ? undefined : nothingTo('retry', state, task)
  }
  if (now.status === 'blocked') return `${standing(state, task)}: retry that one`
  const obstacle = dependenciesOf(state, task.spec).find(stopsDependents)
  if (obstacle !== undefined) return `"${task.spec.id}" depends on "${obstacle.spec.id}", and ${standing(state, obstacle)}: retry that one first`
  const atWork = atWorkBehind(state, reopeningOf(state, task, descendants))
  return atWork === undefined ? undefined : `${standing(state, atWork.task)}, and depends on "${atWork.behind.spec.id}": let it end, or cancel it, first`
}

/** Whether a ready task has to wait until a provider can be used. */
function isAway(state: RunState, task: Task): boolean {
  return awayFor(state, task).length === new Set(task.routes.map(({ provider }) => provider)).size
}

/** The providers that a task would use now and that cannot be used. */
export function awayFor(state: RunState, task: Task): string[] {
  const { routes } = hasEnded(task.state.status) ? standingOf(state, task.spec) : task
  return [...new Set(routes.map(({ provider }) => provider))].filter((provider) => !isUsable(state.conditions.get(provider)))
}

function nothingTo(wish: Wish['type'], state: RunState, task: Task): string {
  return `${standing(state, task)}: there is nothing to ${wish}`
}
