import { hasChecks } from './declared-files.ts'
import { needsReview, timeoutOf } from './gate-policy.ts'
import { later } from './calendar.ts'
import { awayOf, comesBack, countsAsTry, isUsable, restFor, sendsToRest, waitsOf, wasProved, type Condition } from './condition.ts'
import { endAsWished, endWithoutCompleting } from './ending.ts'
import type { EventBody } from './events.ts'
import type { Report } from './intents.ts'
import type { Settlement } from './money.ts'
import { asksToWait, downFor, meaningOf, shownOf } from './failure.ts'
import type { Answered, CheckRow, Failed, Outcome } from './outcome.ts'
import { costOf, priceKey } from './price.ts'
import { delayAfter, retriesOf } from './retry.ts'
import { routeAt, rungOf, type Target } from './route.ts'
import { shownHash } from './shown.ts'
import { settingsOf, taskOf, type RunState } from './state.ts'
import { answerOf, isAsking, lastAttempt, type Attempt, type Task } from './task-state.ts'

/** What follows from the end of an attempt: its settlement, and what becomes of its task and its provider. */
export function attemptEnded(state: RunState, report: Extract<Report, { type: 'attempt-ended' }>, at: string): EventBody[] {
  const task = taskOf(state, report.task)
  const attempt = lastAttempt(task)
  const now = task.state
  const isThere = (now.status === 'running' || isAsking(now)) && now.attempt === report.attempt
  if (!isThere || attempt === undefined) return []
  const { outcome } = report
  const events = [attemptFinished(state, task, attempt, outcome), ...aboutProvider(state, attempt, outcome, at)]
  if (task.ending !== undefined) return [...events, ...endAsWished(state, [{ task, ending: task.ending }])]
  if (outcome.result === 'answered') {
    return needsChecking(task, outcome) ? events : [...events, ...passed(state, task, outcome)]
  }
  // The question stays, for whoever comes to answer it: another attempt asks it again.
  if (isAsking(now) && outcome.kind === 'interrupted') return events
  return [...events, ...afterFailure(state, task, attempt, outcome, at)]
}

/** The end of an attempt, with what it has cost. */
export function attemptFinished(state: RunState, task: Task, attempt: Attempt, outcome: Outcome): EventBody {
  const settled = settlementOf(state, task, attempt, outcome)
  return { type: 'attempt.finished', task: task.spec.id, attempt: attempt.attempt, outcome, ...(settled === undefined ? {} : { settled }) }
}

/**
 * What an attempt has cost: what its provider says, else what its tokens come to, else all that was set
 * aside for it. So no crash and no silent server can spend what nobody counts.
 */
function settlementOf({ prices }: RunState, { attempts }: Task, { attempt, session, route, reserved }: Attempt, outcome: Outcome): Settlement | undefined {
  if (reserved === undefined) return undefined
  const price = prices.get(priceKey(route))
  const isUnspent = outcome.result === 'failed' && outcome.unspent === true
  const isCached = outcome.result === 'answered' && outcome.cached === true
  if (isCached || isUnspent || price?.kind === 'free') return { micro_usd: 0, estimated: false }
  if (outcome.cost_micro_usd !== undefined) {
    // A session tells its cost in all; what this attempt added to it rests on what the ones before were settled at.
    const estimated = attempts.some((other) => other.session === session && other.attempt !== attempt && other.settled?.estimated === true)
    return { micro_usd: outcome.cost_micro_usd, estimated }
  }
  // Nothing is set aside where nobody is asked: the answer was to come from the cache.
  if (reserved.micro_usd === 0) return { micro_usd: 0, estimated: false }
  const isSilent = outcome.result === 'failed' && outcome.usage === undefined
  const cost = price === undefined || isSilent ? undefined : costOf(price, outcome.usage)
  if (cost === undefined) return { micro_usd: reserved.micro_usd, estimated: true }
  return { micro_usd: cost, estimated: price?.kind === 'tokens' && price.source === 'assumed' }
}

/** What an attempt has shown of its provider: a quota that is used up, that it is down again, or that it is back. */
function aboutProvider(state: RunState, { route: { provider } }: Attempt, outcome: Outcome, at: string): EventBody[] {
  const now = state.conditions.get(provider)
  if (outcome.result === 'answered') {
    const wasDown = now !== undefined && 'since' in now && shownOf(outcome) === 'up'
    return wasDown ? [{ type: 'provider.back', provider, reason: 'it has answered' }] : []
  }
  if (asksToWait(outcome)) {
    const until = waitUntil(now, outcome, at)
    // Of several that were turned away at once, the one that was told the longest is right; a moment more is no news.
    if (now?.is === 'waiting' && (now.until === undefined || (until !== undefined && until < later(now.until, 1_000)))) return []
    return [{ type: 'provider.waiting', provider, ...(until === undefined ? {} : { until }), reason: outcome.message }]
  }
  return sendsToRest(now, outcome) ? [{ type: 'provider.resting', provider, until: later(at, restFor(awayOf(now)?.rests ?? 0, downFor(outcome))), reason: outcome.message }] : []
}

/**
 * Until when a provider is left alone: as long as it asks, and longer each time that it asks again without having
 * answered. Where an account has nothing left nobody knows.
 */
function waitUntil(condition: Condition | undefined, { kind, retry_after_ms }: Failed, at: string): string | undefined {
  if (kind === 'quota_exhausted' && retry_after_ms === undefined) return undefined
  const waits = condition?.is === 'waiting' ? condition.waits - 1 : waitsOf(condition)
  return later(at, Math.max(retry_after_ms ?? 0, restFor(waits)))
}

/**
 * What becomes of a task whose attempt failed: it goes over another route, waits for what is away, tries again
 * later, moves up, or ends.
 */
function afterFailure(state: RunState, task: Task, { route }: Attempt, outcome: Failed, at: string): EventBody[] {
  const { routes } = rungOf(task.ladder, task.rung)
  const { again, route: isRoute } = meaningOf(outcome.kind)
  const condition = (target: Target) => state.conditions.get(target.provider)
  const now = state.conditions.get(route.provider)
  const reason = `${outcome.kind}: ${outcome.message}`
  // Where it asks to be left alone the task takes what can be used by itself, and this route again when it may.
  const next = isRoute && !asksToWait(outcome) ? nextRoute(routes, route, again, condition) : -1
  if (next >= 0) return [changeTo(task, 'fallback', task.rung, next)]
  if (!countsAsTry(outcome, now)) {
    // Ready again, to go where it can; what it left before may do by now.
    const isBetterEarlier = routes.slice(0, task.turn).some((target) => mayDoNow(task, target, condition(target)))
    return isBetterEarlier ? [retry(task, reason, at, restFor(0))] : []
  }
  const isHopeful = isRoute && routes.some((target) => !isUsable(condition(target)) && comesBack(condition(target)))
  const delay = delayAfter(again || isHopeful, task.spec, task.tries + 1, retriesOf(task.spec, settingsOf(state).retries))
  if (delay !== 'give-up') return [retry(task, reason, at, delay)]
  // Before a task ends for its provider's sake, the provider is asked whether it is there.
  if (shownOf(outcome) === 'down' && !wasProved(now)) return [{ type: 'provider.resting', provider: route.provider, until: later(at, restFor(0)), reason: outcome.message }]
  if (outcome.kind === 'bad_output' && task.rung < task.ceiling) return [changeTo(task, 'escalation', task.rung + 1, 0)]
  return endWithoutCompleting(state, [task], { status: 'failed', reason: outcome.message })
}

/**
 * The place of the route that comes after one that failed; -1 where there is none. One that can be used is better than
 * one that has to be waited for, which is only better than one that will never do.
 * @param again whether the one that failed may do at another time
 */
function nextRoute(routes: readonly Target[], failed: Target, again: boolean, condition: (target: Target) => Condition | undefined): number {
  const isFailed = ({ provider, model }: Target) => provider === failed.provider && model === failed.model
  const here = routes.findIndex(isFailed)
  const find = (will: (condition: Condition | undefined) => boolean) =>
    routes.findIndex((target, index) => index > here && !isFailed(target) && will(condition(target)))
  if (here < 0) return -1
  const usable = find(isUsable)
  return usable >= 0 || again ? usable : find(comesBack)
}

/** Whether a route that a task has left may be worth another try by now. */
function mayDoNow({ attempts }: Task, target: Target, condition: Condition | undefined): boolean {
  const last = attempts.findLast(({ route }) => route.provider === target.provider && route.model === target.model)?.outcome
  return comesBack(condition) && (last?.result !== 'failed' || meaningOf(last.kind).again)
}

/** What follows from an answer that has passed its checks: it counts, or a person looks at it first. */
function passed(state: RunState, { spec }: Task, { output, files = [] }: Answered): EventBody[] {
  if (!needsReview(state, spec)) return [{ type: 'task.ended', task: spec.id, status: 'complete' }]
  const timeout = timeoutOf(state, spec)
  const shown = shownHash({ gate: 'review', files: output === undefined ? files : [output, ...files] })
  return [{ type: 'gate.opened', task: spec.id, gate: 'review', shown, ...(timeout === undefined ? {} : { timeout }) }]
}

function needsChecking({ spec }: Task, outcome: Answered): boolean {
  return hasChecks(spec) || (outcome.refused ?? []).length > 0
}

const NOTHING: Answered = { result: 'answered', finish: 'unknown', duration_ms: 0 }

/** What follows from the checks: the task is complete, tries again, moves up a tier, or is incomplete. */
export function checksEnded(state: RunState, { task: id, attempt, rows }: Extract<Report, { type: 'checks-ended' }>, at: string): EventBody[] {
  const task = taskOf(state, id)
  if (task.state.status !== 'checking' || task.state.attempt !== attempt) return []
  const checked: EventBody = rows === 'interrupted' ? { type: 'check.interrupted', task: id, attempt } : { type: 'check.finished', task: id, attempt, rows }
  if (task.ending !== undefined) return [checked, ...endAsWished(state, [{ task, ending: task.ending }])]
  if (rows === 'interrupted') return [checked]
  const unmet = rows.filter((row) => !row.passed)
  if (unmet.length === 0) return [checked, ...passed(state, task, answerOf(task) ?? NOTHING)]
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
