import { afford, type LimitName, type Verdict } from './budget.ts'
import type { Command, Limits, Session } from './commands.ts'
import { conditionText, isUsable } from './condition.ts'
import { top } from './heap.ts'
import type { Reservation } from './money.ts'
import { readyOrder } from './order.ts'
import type { FileRecord } from './outcome.ts'
import { microUsd, priceKey, unknownPriceAdvice, worstCase, type Price } from './price.ts'
import { promptBound } from './prompt.ts'
import { isAgent, routeTo, rungOf, type Target } from './route.ts'
import { settingsOf, taskOf, type Lane, type ReadyEntry, type RunState } from './state.ts'
import { answerOf, lastAttempt, type Task } from './task-state.ts'
import { formatUsd } from './views/units.ts'

/** Tokens that a server adds to a prompt: roles, separators, a line of its own. */
const FRAMING_TOKENS = 256

type StartAttempt = Extract<Command, { type: 'start-attempt' }>

/**
 * The next attempt, with its route and the money set aside for it; or what to do about a task that there is
 * no money for. The first task of each lane speaks for all behind it: what it waits for comes soon, because
 * only what runs now can be in its way.
 */
export function start(state: RunState): Command | undefined {
  const { max_concurrent } = settingsOf(state)
  if (state.counts.running >= max_concurrent || state.budget.stopped) return undefined
  for (const { id, target } of candidates(state)) {
    const task = taskOf(state, id)
    const funding = fund(state, task, target)
    if (funding.money === 'short' || funding.money === 'unknown') {
      const free = withoutMoney(state, task, target)
      if (free === 'later') continue
      if (free !== undefined) return free
    }
    switch (funding.money) {
      case 'there':
        return startAttempt(state, task, target, funding.reserved)
      case 'wait':
        continue
      case 'unknown':
        return { type: 'open-gate', task: id, gate: 'budget', reason: unknownPriceAdvice(target, isAgent(settingsOf(state), target.provider)) }
      case 'short':
        return whenShort(state, task, funding)
    }
  }
  return undefined
}

/** The first task of each lane that has a route to go, in the order in which they may go. */
function candidates(state: RunState): (ReadyEntry & { target: Target })[] {
  const found: (ReadyEntry & { target: Target })[] = []
  for (const lane of state.lanes.values()) {
    const entry = top(lane.ready)
    const target = entry === undefined ? undefined : usableTarget(state, lane)
    if (entry !== undefined && target !== undefined) found.push({ ...entry, target })
  }
  return found.length > 1 ? found.sort(readyOrder) : found
}

/** The first route whose provider is there. A slot on it is waited for: a dearer route is for when it is away. */
function usableTarget({ conditions, running, settings }: RunState, { routes }: Lane): Target | undefined {
  const target = routes.find(({ provider }) => isUsable(conditions.get(provider)))
  if (target === undefined) return undefined
  return (running.get(target.provider) ?? 0) < (settings?.per_provider[target.provider] ?? Infinity) ? target : undefined
}

type Funding =
  | { money: 'there'; reserved: Reservation | undefined }
  | { money: 'wait' }
  | { money: 'unknown' }
  | Extract<Verdict, { money: 'short' }>

/** Whether there is money for a task's next attempt on a route, and how much has to be set aside. */
function fund(state: RunState, task: Task, target: Target): Funding {
  const { budget, prices } = state
  if (task.spec.work.kind === 'command') return { money: 'there', reserved: undefined }
  const price = prices.get(priceKey(target))
  if (price === undefined) return { money: 'unknown' }
  const limits = settingsOf(state).budget
  const most = task.spec.max_cost_usd === undefined ? limits.task : microUsd(task.spec.max_cost_usd)
  const spent = costOfTask(task)
  const need = needOf(state, task, price, most === null ? Infinity : most - spent)
  const verdict = afford(budget, limits, need, { max: most, spent })
  if (verdict.money !== 'there') return verdict
  if (budget.today === undefined) throw new Error('bug: money is spent before it is known which day it is')
  return { money: 'there', reserved: { micro_usd: need, day: budget.today.day } }
}

/** The worst case of a task's next attempt, in micro-dollars. @param left what the task may still cost */
function needOf(state: RunState, task: Task, price: Price, left: number): number {
  if (price.kind === 'free') return 0
  // An agent is told what it may cost; it makes do with what the task has left.
  if (price.kind === 'capped') return left > 0 ? Math.min(price.most_micro_usd, left) : price.most_micro_usd
  const { context_max_chars, max_tokens } = settingsOf(state)
  const results = task.spec.depends_on.flatMap((id) => {
    const { title, output } = dependency(state, id)
    return output === undefined ? [] : [{ id, title, size: output.size }]
  })
  const input = promptBound({ prompt_bytes: task.prompt_bytes, results, feedback: lastRows(task), context_max_chars })
  return worstCase(price, input + FRAMING_TOKENS, task.spec.max_tokens ?? max_tokens)
}

/** What a task's attempts have been settled at, in micro-dollars. */
function costOfTask({ attempts }: Task): number {
  return attempts.reduce((sum, { settled }) => sum + (settled?.micro_usd ?? 0), 0)
}

/** An answer from the cache costs nothing: it is looked for before a task is held, and used if it is there. */
function withoutMoney(state: RunState, task: Task, target: Target): Command | 'later' | undefined {
  const start = startAttempt(state, task, target, undefined)
  // What an agent does to files is in no cache, unless its task says so.
  const mayBeThere = start.cache === 'read' && (task.spec.cache !== undefined || !isAgent(settingsOf(state), target.provider))
  if (!mayBeThere || task.cached === false) return undefined
  if (task.cached === undefined) return state.lookUps.size < settingsOf(state).max_concurrent ? { type: 'look-up', start } : 'later'
  if (state.budget.today === undefined) throw new Error('bug: a task runs before it is known which day it is')
  return { ...start, cache: 'only', reserved: { micro_usd: 0, day: state.budget.today.day } }
}

function whenShort(state: RunState, task: Task, short: Extract<Verdict, { money: 'short' }>): Command {
  const { id } = task.spec
  const reason = shortText(short)
  if (short.limit === 'task') return task.attempts.length > 0 ? { type: 'give-up', task: id, reason } : { type: 'open-gate', task: id, gate: 'budget', reason }
  const { on_limit } = settingsOf(state).budget
  switch (on_limit) {
    case 'hold':
      return { type: 'open-gate', task: id, gate: 'budget', reason }
    case 'stop':
      return { type: 'stop-spending', reason }
    case 'downgrade': {
      const rung = cheaperRung(state, task)
      return rung === undefined ? { type: 'open-gate', task: id, gate: 'budget', reason } : { type: 'downgrade', task: id, rung }
    }
  }
}

/** The dearest of the cheaper rungs that there is money for. A task that has moved up was not met down there. */
function cheaperRung(state: RunState, task: Task): number | undefined {
  if (task.rung > task.ladder.start) return undefined
  for (let rung = task.rung - 1; rung >= 0; rung--) {
    const target = rungOf(task.ladder, rung).routes.find(({ provider }) => isUsable(state.conditions.get(provider)))
    const money = target === undefined ? 'unknown' : fund(state, task, target).money
    if (money === 'there' || money === 'wait') return rung
  }
  return undefined
}

const WHOSE: Record<LimitName, { whose: string; key: string }> = {
  task: { whose: "the task's", key: 'max_cost_usd' },
  run: { whose: "the run's", key: 'budget.per_run_usd' },
  project: { whose: "the project's", key: 'budget.per_project_usd' },
  day: { whose: "the day's", key: 'budget.daily_usd' },
  month: { whose: "the month's", key: 'budget.monthly_usd' },
}

function shortText({ limit, max, spent, need }: Extract<Verdict, { money: 'short' }>): string {
  const { whose, key } = WHOSE[limit]
  return `${whose} limit of ${formatUsd(max)} would be passed: ${formatUsd(spent)} spent, and this may cost ${formatUsd(need)} (${key})`
}

function startAttempt(state: RunState, task: Task, target: Target, reserved: Reservation | undefined): StartAttempt {
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
    cache: spec.cache === undefined || settings.cache === 'off' ? settings.cache : spec.cache,
    dependencies: spec.depends_on.map((id) => dependency(state, id)),
    feedback: lastRows(task),
  }
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

/** An attempt that was interrupted is gone on with, if it ran in the same place. */
function sessionOf(task: Task, { provider, model }: Target, attempt: number): Session {
  const last = lastAttempt(task)
  const isSame = last !== undefined && last.route.provider === provider && last.route.model === model
  if (!isSame || last.outcome?.result !== 'failed' || last.outcome.kind !== 'interrupted') return { attempt, spent_micro_usd: 0 }
  const spent = task.attempts.filter(({ session }) => session === last.session).reduce((sum, { settled }) => sum + (settled?.micro_usd ?? 0), 0)
  return { attempt: last.session, spent_micro_usd: spent }
}

/** An interrupted attempt says nothing about the answer, so the feedback of the one before it still stands. */
function lastRows(task: Task) {
  return task.attempts.findLast((attempt) => attempt.rows !== undefined)?.rows ?? []
}

function dependency(state: RunState, id: string): { id: string; title: string; output: FileRecord | undefined } {
  const task = state.tasks.get(id)
  if (task !== undefined) return { id, title: task.spec.title, output: answerOf(task)?.output }
  const earlier = state.earlier.get(id)
  return { id, title: earlier?.title ?? id, output: earlier?.output }
}
