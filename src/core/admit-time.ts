import { dayAt, later } from './calendar.ts'
import { timedOut } from './answering.ts'
import { restFor } from './condition.ts'
import type { EventBody } from './events.ts'
import { before } from './heap.ts'
import type { Report } from './intents.ts'
import { heldAt, settingsOf, taskOf, type RunState } from './state.ts'

/** What time alone brings about: retries, and providers that are to be asked again. */
export function timePassed(state: RunState, at: string): EventBody[] {
  const retries = before(state.retries, ({ until }) => until <= at).map(({ id }): EventBody => ({ type: 'retry.due', task: id }))
  const providers = [...state.conditions].flatMap(([provider, condition]): EventBody[] => {
    if (condition.is === 'waiting' && condition.until !== undefined && condition.until <= at) {
      return [{ type: 'provider.back', provider, reason: 'it was left alone for as long as it asked' }]
    }
    return condition.is === 'resting' && condition.until <= at ? [{ type: 'provider.due', provider }] : []
  })
  return [...providers, ...retries, ...unanswered(state, at), ...graceOver(state, at)]
}

function unanswered(state: RunState, at: string): EventBody[] {
  return before(state.timeouts, ({ until }) => until <= at).flatMap(({ id }) => {
    const task = taskOf(state, id)
    const now = task.state
    return now.status === 'held' && now.gate !== 'paused' && now.due !== undefined ? timedOut(state, task, now.due.does) : []
  })
}

function graceOver({ phase }: RunState, at: string): EventBody[] {
  return phase.phase === 'draining' && phase.until !== undefined && phase.until <= at ? [{ type: 'run.stopping', reason: phase.reason }] : []
}

/** A new day, where one has begun since the last input; what was held for want of money is looked at again. */
export function dayTurned(state: RunState, at: string): EventBody[] {
  const { settings, budget } = state
  if (settings === undefined || (budget.today !== undefined && at < budget.today.ends_at)) return []
  const turned: EventBody = { type: 'day.turned', ...dayAt(settings.budget.time_zone, at) }
  if (budget.today === undefined || state.counts.held === 0) return [turned]
  return [turned, ...heldAt(state, 'budget').map(({ spec }): EventBody => ({ type: 'gate.lifted', task: spec.id, reason: 'another day has begun' }))]
}

/** A provider that has never answered in this run is more likely named wrongly than away for a while. */
const FIRST_PATIENCE_S = 30

/** What a question to a provider that rested comes to: it is back, rests on, or is given up until a person resumes. */
export function probed(state: RunState, { provider, found, detail }: Extract<Report, { type: 'probed' }>, at: string): EventBody[] {
  const condition = state.conditions.get(provider)
  if (condition?.is !== 'probing') return []
  const { routing, when_held } = settingsOf(state)
  const patience_s = state.answered.has(provider) ? routing.patience_s : Math.min(routing.patience_s, FIRST_PATIENCE_S)
  const away_s = (Date.parse(at) - Date.parse(condition.since)) / 1000
  // One that says again and again that it is back, and fails all the same, is no better than one that is away.
  const isBack = found === 'ready' && (condition.proofs === 0 || away_s < patience_s)
  const isHopeless = found === 'misconfigured' || (away_s >= patience_s && !isBack)
  // A conductor that stays goes on asking; one that leaves when nothing goes on must not be kept for ever.
  if (isHopeless && when_held === 'leave') return [{ type: 'provider.gone', provider, reason: found === 'ready' ? condition.reason : detail }]
  if (found === 'ready') return [{ type: 'provider.back', provider, reason: 'it is there again' }]
  return [{ type: 'provider.resting', provider, until: later(at, restFor(condition.rests)), reason: detail }]
}

/** Whatever waits for its time is tried at once. */
export function retryNow(state: RunState, by: string): EventBody[] {
  const away = [...state.conditions].filter(([, condition]) => condition.is !== 'up')
  return [
    ...away.map(([provider]): EventBody => ({ type: 'provider.back', provider, reason: `${by} asked for it` })),
    ...before(state.retries, () => true).map(({ id }): EventBody => ({ type: 'retry.due', task: id })),
  ]
}
