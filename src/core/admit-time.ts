import { later } from './admit-attempt.ts'
import { dayAt } from './calendar.ts'
import { restFor } from './condition.ts'
import type { EventBody } from './events.ts'
import { before } from './heap.ts'
import type { Report } from './intents.ts'
import { heldForMoney, settingsOf, type RunState } from './state.ts'

/** What time alone brings about: retries, and providers that are to be asked again. */
export function passed(state: RunState, at: string): EventBody[] {
  const retries = before(state.retries, ({ until }) => until <= at).map(({ id }): EventBody => ({ type: 'retry.due', task: id }))
  const providers = [...state.conditions].flatMap(([provider, condition]): EventBody[] => {
    if (condition.is === 'waiting' && condition.until !== undefined && condition.until <= at) {
      return [{ type: 'provider.back', provider, reason: 'its quota is due again' }]
    }
    return condition.is === 'resting' && condition.until <= at ? [{ type: 'provider.due', provider }] : []
  })
  return [...providers, ...retries]
}

/** A new day, where one has begun since the last input; what was held for want of money is looked at again. */
export function dayTurned(state: RunState, at: string): EventBody[] {
  const { settings, budget } = state
  if (settings === undefined || (budget.today !== undefined && at < budget.today.ends_at)) return []
  const turned: EventBody = { type: 'day.turned', ...dayAt(settings.budget.time_zone, at) }
  if (budget.today === undefined || state.counts.held === 0) return [turned]
  return [turned, ...heldForMoney(state).map(({ spec }): EventBody => ({ type: 'gate.lifted', task: spec.id, reason: 'another day has begun' }))]
}

/** What a question to a provider that rested comes to: it is back, rests on, or is given up until a person resumes. */
export function probed(state: RunState, { provider, found, detail }: Extract<Report, { type: 'probed' }>, at: string): EventBody[] {
  const condition = state.conditions.get(provider)
  if (condition?.is !== 'probing') return []
  if (found === 'ready') return [{ type: 'provider.back', provider, reason: 'it is there again' }]
  const { routing, when_held } = settingsOf(state)
  const away_s = (Date.parse(at) - Date.parse(condition.since)) / 1000
  const isHopeless = found === 'misconfigured' || away_s >= routing.patience_s
  // A conductor that stays goes on asking; one that leaves when nothing goes on must not be kept for ever.
  if (isHopeless && when_held === 'leave') return [{ type: 'provider.gone', provider, reason: detail }]
  return [{ type: 'provider.resting', provider, until: later(at, restFor(condition.rests)), reason: detail }]
}

/** A person wants a provider to be asked again at once. @param name undefined: all of them */
export function retryNow(state: RunState, name: string | undefined): EventBody[] {
  return [...state.conditions]
    .filter(([provider, condition]) => condition.is !== 'up' && (name === undefined || name === provider))
    .map(([provider]) => ({ type: 'provider.back', provider, reason: 'a person asked for it' }))
}
