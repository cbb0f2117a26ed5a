import type { Dependency, Limits, Session, StartAttempt } from './commands.ts'
import { conditionText } from './condition.ts'
import { mostQuestions, needsReview } from './gate-policy.ts'
import type { Reservation } from './money.ts'
import { priceKey } from './price.ts'
import type { Said } from './prompt.ts'
import { isAgent, routeTo, type Target } from './route.ts'
import type { Settings } from './settings.ts'
import { settingsOf, type RunState } from './state.ts'
import type { CacheMode } from './task.ts'
import { answerOf, costOfAttempts, lastAttempt, type Task } from './task-state.ts'

/** The command that starts a task's next attempt on a route. @param reserved what has been set aside for it */
export function startAttempt(state: RunState, task: Task, target: Target, reserved: Reservation | undefined): StartAttempt {
  const { spec, route } = task
  const settings = settingsOf(state)
  const attempt = task.attempts.length + 1
  return {
    type: 'start-attempt',
    spec,
    route: routeTo(target, route.tier, reasonFor(state, task, target)),
    attempt,
    reserved,
    limits: limitsOf(state, task, target, reserved),
    session: sessionOf(task, target, attempt),
    cache: cacheModeOf(task, settings, target),
    dependencies: spec.depends_on.map((id) => dependencyOf(state, id)),
    feedback: lastRows(task),
    said: saidOf(task),
    may_ask: mayAsk(state, task, target),
    is_reviewed: needsReview(state, spec),
  }
}

/** The tool that a model or a command asks by: its task has to name it. An agent has its own way to ask. */
const ASK_TOOL = 'ask_user'

/** Whether a task's next attempt on a route may put questions to a person. */
export function mayAsk(state: RunState, { spec }: Task, { provider }: Target): boolean {
  return mostQuestions(state, spec) > 0 && (isAgent(settingsOf(state), provider) || spec.tools?.includes(ASK_TOOL) === true)
}

/**
 * What an attempt does with the cache. What an agent does to files is not in its answer, so its task has to ask for
 * the cache; a command has to say what it reads and what it leaves. Whoever wants a task done again wants another answer.
 */
function cacheModeOf({ spec, past, comments }: Task, settings: Settings, { provider }: Target): CacheMode {
  const { inputs = [], outputs, work } = spec
  const isKnown = work.kind === 'prompt' ? spec.cache !== undefined || !isAgent(settings, provider) : inputs.length > 0 && outputs.length > 0
  const mode = settings.no_cache || !isKnown ? 'off' : (spec.cache ?? settings.cache)
  return mode === 'read' && (past > 0 || comments.length > 0) ? 'refresh' : mode
}

function reasonFor({ conditions }: RunState, { route }: Task, target: Target): string {
  const away = target.provider === route.provider ? undefined : conditionText(conditions.get(route.provider))
  return away === undefined ? route.reason : `${route.reason}; ${route.provider} ${away}`
}

function limitsOf(state: RunState, { spec }: Task, target: Target, reserved: Reservation | undefined): Limits {
  const settings = settingsOf(state)
  const isPrompt = spec.work.kind === 'prompt'
  const isPaid = isPrompt && state.prices.get(priceKey(target))?.kind !== 'free'
  return {
    timeout_s: spec.timeout_s ?? settings.timeout_s,
    // A program may well be silent: only its author knows for how long.
    first_token_timeout_s: spec.first_token_timeout_s ?? (isPrompt ? (settings.first_token_timeout_s ?? undefined) : undefined),
    idle_timeout_s: spec.idle_timeout_s ?? (isPrompt ? (settings.idle_timeout_s ?? undefined) : undefined),
    max_tokens: spec.max_tokens ?? (isPaid ? settings.max_tokens : undefined),
    max_cost_micro_usd: isPaid ? reserved?.micro_usd : undefined,
  }
}

/** An attempt that was interrupted is gone on with, if it ran in the same place and the task was not reopened since. */
function sessionOf(task: Task, { provider, model }: Target, attempt: number): Session {
  const last = lastAttempt(task)
  const isSame = last !== undefined && last.attempt > task.past && last.route.provider === provider && last.route.model === model
  if (!isSame || last.outcome?.result !== 'failed' || last.outcome.kind !== 'interrupted') return { attempt, spent_micro_usd: 0 }
  return { attempt: last.session, spent_micro_usd: costOfAttempts(task.attempts.filter(({ session }) => session === last.session)) }
}

/** An interrupted attempt says nothing about the answer, so the feedback of the one before it still stands. */
export function lastRows(task: Task) {
  return task.attempts.findLast((attempt) => attempt.rows !== undefined)?.rows ?? []
}

/** What people have said of a task's attempts. */
export function saidOf({ comments, replies }: Task): Said {
  return { comments: comments.map(({ text }) => text), replies }
}

/** What a task's dependency has to hand over: nothing where a person does without it, whatever it has answered before. */
export function dependencyOf(state: RunState, id: string): Dependency {
  const task = state.tasks.get(id)
  if (task !== undefined) return { id, title: task.spec.title, output: task.state.status === 'skipped' ? undefined : answerOf(task)?.output }
  const earlier = state.earlier.get(id)
  return { id, title: earlier?.title ?? id, output: earlier?.output }
}
