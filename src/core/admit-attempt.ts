import { limitsToWarnOf } from './budget.ts'
import { isChecked } from './declared-files.ts'
import { DOWN_AFTER, restFor } from './condition.ts'
import { endWithoutCompleting } from './ending.ts'
import type { EventBody } from './events.ts'
import type { Report } from './intents.ts'
import type { Settlement } from './money.ts'
import type { CheckRow, FailureKind, Outcome } from './outcome.ts'
import { costOf, priceKey } from './price.ts'
import { failuresWith } from './reduce-provider.ts'
import { countsAsTry, isQuota, retriesOf, retryAfterFailure, SHORTEST_WAIT_MS } from './retry.ts'
import { routeAt, rungOf } from './route.ts'
import { settingsOf, taskOf, type RunState } from './state.ts'
import { lastAttempt, type Attempt, type Task } from './task-state.ts'

type Failed = Extract<Outcome, { result: 'failed' }>

/** What follows from the end of an attempt: its settlement, and what becomes of its task and its provider. */
export function attemptEnded(state: RunState, report: Extract<Report, { type: 'attempt-ended' }>, at: string): EventBody[] {
  const task = taskOf(state, report.task)
  const attempt = lastAttempt(task)
  if (task.state.status !== 'running' || task.state.attempt !== report.attempt || attempt === undefined) return []
  const { outcome } = report
  const events = [...finished(state, task, attempt, outcome), ...aboutProvider(state, attempt, outcome, at)]
  if (outcome.result === 'answered') {
    return needsChecking(task, outcome) ? events : [...events, { type: 'task.ended', task: task.spec.id, status: 'complete' }]
  }
  return [...events, ...afterFailure(state, task, attempt, outcome, at)]
}

/** The end of an attempt with what it has cost, and a warning when that passes a mark. */
export function finished(state: RunState, task: Task, attempt: Attempt, outcome: Outcome): EventBody[] {
  const settled = settlementOf(state, attempt, outcome)
  const end: EventBody = { type: 'attempt.finished', task: task.spec.id, attempt: attempt.attempt, outcome, ...(settled === undefined ? {} : { settled }) }
  if (settled === undefined || settled.micro_usd === 0) return [end]
  const warnings = limitsToWarnOf(state.budget, settingsOf(state).budget, settled.micro_usd)
  return [end, ...warnings.map((warning): EventBody => ({ type: 'budget.warned', ...warning }))]
}

/**
 * What an attempt has cost: what its provider says, else what its tokens come to, else all that was set
 * aside for it. So no crash and no silent server can spend what nobody counts.
 */
function settlementOf({ prices }: RunState, { route, reserved }: Attempt, outcome: Outcome): Settlement | undefined {
  if (reserved === undefined) return undefined
  const price = prices.get(priceKey(route))
  const isUnspent = outcome.result === 'failed' && outcome.unspent === true
  const isCached = outcome.result === 'answered' && outcome.cached === true
  if (isCached || isUnspent || price?.kind === 'free') return { micro_usd: 0, estimated: false }
  if (outcome.cost_micro_usd !== undefined) return { micro_usd: outcome.cost_micro_usd, estimated: false }
  const cost = price === undefined || outcome.usage === undefined ? undefined : costOf(price, outcome.usage)
  if (cost === undefined) return { micro_usd: reserved.micro_usd, estimated: reserved.micro_usd > 0 }
  return { micro_usd: cost, estimated: price?.kind === 'tokens' && price.source === 'assumed' }
}

/** What an attempt has shown of its provider: a quota that is used up, that it is down again, or that it is back. */
function aboutProvider({ conditions }: RunState, { route: { provider } }: Attempt, outcome: Outcome, at: string): EventBody[] {
  const now = conditions.get(provider)
  if (outcome.result === 'answered') {
    const wasDown = now !== undefined && 'since' in now
    return wasDown ? [{ type: 'provider.back', provider, reason: 'it has answered' }] : []
  }
  if (isQuota(outcome)) {
    const { retry_after_ms } = outcome
    const until = retry_after_ms === undefined ? undefined : later(at, Math.max(retry_after_ms, SHORTEST_WAIT_MS))
    // Of several that were turned away at once, the one that was told the longest is right.
    if (now?.is === 'waiting' && (now.until === undefined || (until !== undefined && now.until >= until))) return []
    return [{ type: 'provider.waiting', provider, ...(until === undefined ? {} : { until }), reason: outcome.message }]
  }
  if ((now === undefined || now.is === 'up') && failuresWith(now, outcome) >= DOWN_AFTER) {
    return [{ type: 'provider.resting', provider, until: later(at, restFor(0)), reason: outcome.message }]
  }
  return []
}

/** The route is down, and not the task: another one of the same tier may do. */
const ROUTE_DOWN: ReadonlySet<FailureKind> = new Set<FailureKind>(['provider_down', 'auth', 'not_installed', 'model_missing'])

function afterFailure(state: RunState, task: Task, { route }: Attempt, outcome: Failed, at: string): EventBody[] {
  // Ready again, to go where it can.
  if (!countsAsTry(outcome)) return []
  if (ROUTE_DOWN.has(outcome.kind)) {
    const { routes } = rungOf(task.ladder, task.rung)
    const next = routes.findIndex(({ provider, model }) => provider === route.provider && model === route.model) + 1
    if (next > 0 && next < routes.length) return [changeTo(task, 'fallback', task.rung, next)]
  }
  const next = retryAfterFailure(outcome, task.spec, task.tries + 1, retriesOf(task.spec, settingsOf(state).retries))
  if (next !== 'give-up') return [retry(task, `${outcome.kind}: ${outcome.message}`, at, next.delay_ms)]
  if (outcome.kind === 'bad_output' && task.rung < task.ceiling) return [changeTo(task, 'escalation', task.rung + 1, 0)]
  return endWithoutCompleting(state, [task], { status: 'failed', reason: outcome.message })
}

function needsChecking({ spec }: Task, outcome: Extract<Outcome, { result: 'answered' }>): boolean {
  return isChecked(spec) || (outcome.refused ?? []).length > 0
}

/** What follows from the checks: the task is complete, tries again, moves up a tier, or is incomplete. */
export function checksEnded(state: RunState, { task: id, attempt, rows }: Extract<Report, { type: 'checks-ended' }>, at: string): EventBody[] {
  const task = taskOf(state, id)
  if (task.state.status !== 'checking' || task.state.attempt !== attempt) return []
  if (rows === 'interrupted') return [{ type: 'check.interrupted', task: id, attempt }]

  const checked: EventBody = { type: 'check.finished', task: id, attempt, rows }
  const unmet = rows.filter((row) => !row.passed)
  if (unmet.length === 0) return [checked, { type: 'task.ended', task: id, status: 'complete' }]
  const reason = describeUnmet(unmet)
  // The next attempt is told what was missing; there is nothing to wait for.
  if (task.tries <= retriesOf(task.spec, settingsOf(state).retries)) return [checked, retry(task, reason, at, 0), { type: 'retry.due', task: id }]
  if (task.rung < task.ceiling) return [checked, changeTo(task, 'escalation', task.rung + 1, 0)]
  return [checked, ...endWithoutCompleting(state, [task], { status: 'incomplete', reason })]
}

function changeTo(task: Task, why: 'fallback' | 'escalation', rung: number, turn: number): EventBody {
  return { type: 'route.changed', task: task.spec.id, why, rung, turn, to: routeAt(task.ladder, rung, turn) }
}

function describeUnmet(rows: readonly CheckRow[]): string {
  const [first] = rows
  const more = rows.length > 1 ? ` (and ${rows.length - 1} more)` : ''
  return first === undefined ? '' : `not met: ${first.expected} (${first.found})${more}`
}

function retry(task: Task, reason: string, at: string, delay_ms: number): EventBody {
  return { type: 'retry.scheduled', task: task.spec.id, reason, until: later(at, delay_ms) }
}

/** A time so many milliseconds after another (ISO 8601). */
export function later(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString()
}
