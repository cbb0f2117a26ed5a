import type { LimitName } from './budget.ts'
import { isUsable } from './condition.ts'
import type { Intent } from './intents.ts'
import { atWorkBehind, reopeningOf } from './reopening.ts'
import { standingOf } from './standing.ts'
import { dependenciesOf, type RunState } from './state.ts'
import { hasEnded, letsDependentsRun, stopsDependents, type Task } from './task-state.ts'
import type { TaskSpec } from './task.ts'
import { formatTime } from './units.ts'

/** What a person wants of a run that goes on, or of one of its tasks. */
export type Steering = Extract<Intent, { type: 'approve' | 'skip' | 'cancel' | 'retry' | 'pause' | 'unpause' }>

/**
 * Why something that a person wants cannot be done now, as a sentence for them; undefined where it can. `admit` refuses
 * by the same rules, so a face can say it before it sends the intent.
 */
export function whyNot(state: RunState, intent: Steering): string | undefined {
  if (intent.task === undefined) return whyNotTheRun(state, intent.type)
  const task = state.tasks.get(intent.task)
  if (task === undefined) return `there is no task "${intent.task}" in this run`
  if (task.ending !== undefined) return `${standing(state, task)}${intent.type === 'retry' ? ': it can be done again once it has ended' : ' already'}`
  switch (intent.type) {
    case 'approve':
      return whyNotApproved(state, task)
    case 'skip':
    case 'cancel':
      return hasEnded(task.state.status) ? nothingTo(intent.type, state, task) : undefined
    case 'retry':
      return whyNotAgain(state, task, intent.descendants)
    case 'pause':
      if (hasEnded(task.state.status)) return nothingTo('pause', state, task)
      return task.paused === undefined ? undefined : `"${task.spec.id}" is paused already, by ${task.paused}`
    case 'unpause':
      if (task.paused !== undefined) return undefined
      return `"${task.spec.id}" is not paused${state.paused === undefined ? '' : ': the whole run is'}`
  }
}

function whyNotTheRun({ phase, paused }: RunState, wish: Steering['type']): string | undefined {
  if (phase.phase === 'closed') return 'the run is over'
  if (wish === 'unpause') return paused === undefined ? 'the run is not paused' : undefined
  return paused === undefined ? undefined : `the run is paused already, by ${paused}`
}

function whyNotApproved(state: RunState, task: Task): string | undefined {
  const now = task.state
  if (now.status !== 'held' || now.gate === 'paused') return nothingTo('approve', state, task)
  if (now.gate === 'approval') return undefined
  const advice = adviceOn(task.spec, now.limit)
  return `"${task.spec.id}" waits for money, not for approval: ${now.reason}${advice === undefined ? '' : `; ${advice}`}`
}

function whyNotAgain(state: RunState, task: Task, descendants: boolean): string | undefined {
  const now = task.state
  if (!hasEnded(now.status)) {
    const waits = (now.status === 'waiting' && now.for.what === 'retry') || (now.status === 'ready' && isAway(state, task))
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

/** What changes that there is no money; nothing for a price that is not known, which comes with its own advice. */
export function adviceOn({ max_cost_usd, file }: TaskSpec, limit: LimitName | undefined): string | undefined {
  if (limit === undefined) return undefined
  return limit === 'task' && max_cost_usd !== undefined ? `raise it in ${file}, and run that again` : 'raise the limit in config.json and resume the run'
}

function nothingTo(wish: Steering['type'], state: RunState, task: Task): string {
  return `${standing(state, task)}: there is nothing to ${wish}`
}

/** How a task stands, as the beginning of a sentence. */
function standing(state: RunState, { spec, state: now, ending }: Task): string {
  const it = `"${spec.id}"`
  if (ending !== undefined) return `${it} is being ${ending.status}`
  switch (now.status) {
    case 'waiting':
      if (now.for.what === 'retry') return `${it} waits for its next try at ${formatTime(now.for.until)}`
      if (now.for.what === 'cache') return `${it} waits while its answer is looked for in the cache`
      return `${it} waits for ${spec.depends_on.filter((id) => isMissing(state, id)).map((id) => `"${id}"`).join(', ')}`
    case 'held':
      return now.gate === 'paused' ? `${it} is paused` : `${it} waits for ${now.gate === 'budget' ? 'money' : 'approval'}`
    case 'checking':
      return `${it} is being checked`
    case 'failed':
      return `${it} has failed`
    case 'blocked':
      return `${it} is blocked by "${now.by}"`
    case 'skipped':
    case 'cancelled':
      return `${it} was ${now.status}`
    case 'ready':
    case 'running':
    case 'complete':
    case 'incomplete':
      return `${it} is ${now.status}`
  }
}

function isMissing({ tasks }: RunState, id: string): boolean {
  const dependency = tasks.get(id)
  return dependency !== undefined && !letsDependentsRun(dependency)
}
