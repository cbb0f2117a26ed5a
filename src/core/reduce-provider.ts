import { DOWN_AFTER, type Condition } from './condition.ts'
import type { Event } from './events.ts'
import type { FailureKind, Outcome } from './outcome.ts'
import type { RunState } from './state.ts'

export type ProviderEvent = Extract<Event, { type: `provider.${string}` }>

/** Takes what has been learnt about a provider into the state. */
export function reduceProvider({ conditions }: RunState, event: ProviderEvent): void {
  const { provider } = event
  const now = conditions.get(provider)
  switch (event.type) {
    case 'provider.waiting':
      conditions.set(provider, { is: 'waiting', until: event.until, reason: event.reason })
      return
    case 'provider.resting': {
      const { since, rests } = historyOf(now) ?? { since: event.at, rests: 0 }
      conditions.set(provider, { is: 'resting', until: event.until, since, rests: rests + 1, reason: event.reason })
      return
    }
    case 'provider.due':
    case 'provider.probing': {
      const history = historyOf(now)
      if (history === undefined) throw new Error(`bug: ${provider} is asked whether it is back, and was not away`)
      conditions.set(provider, { is: event.type === 'provider.due' ? 'due' : 'probing', ...history })
      return
    }
    case 'provider.gone':
      conditions.set(provider, { is: 'gone', reason: event.reason })
      return
    case 'provider.back':
      // One more failure is enough to send it to rest again.
      if (historyOf(now) === undefined) conditions.delete(provider)
      else conditions.set(provider, { is: 'up', failures: DOWN_AFTER - 1 })
  }
}

function historyOf(condition: Condition | undefined): { since: string; rests: number; reason: string } | undefined {
  if (condition === undefined || !('since' in condition)) return undefined
  const { since, rests, reason } = condition
  return { since, rests, reason }
}

/** What an attempt's end says about its provider: that it is there, that it is not, or nothing. */
const SAYS: Record<FailureKind, 'up' | 'down' | 'nothing'> = {
  provider_down: 'down',
  auth: 'down',
  not_installed: 'down',
  rate_limited: 'up',
  quota_exhausted: 'up',
  bad_request: 'up',
  model_missing: 'up',
  bad_output: 'up',
  permission_denied: 'up',
  limit_reached: 'up',
  timeout: 'nothing',
  interrupted: 'nothing',
  command_failed: 'nothing',
  broken: 'nothing',
}

/** How many attempts in a row have found a provider down, this one included. */
export function failuresWith(condition: Condition | undefined, outcome: Outcome): number {
  const failures = condition?.is === 'up' ? condition.failures : 0
  const says = outcome.result === 'answered' ? 'up' : SAYS[outcome.kind]
  switch (says) {
    case 'up':
      return 0
    case 'down':
      return failures + 1
    case 'nothing':
      return failures
  }
}

/** Counts what an attempt has found; one that is away is judged by its own events. */
export function countFailures({ conditions }: RunState, provider: string, outcome: Outcome): void {
  const now = conditions.get(provider)
  if (now !== undefined && now.is !== 'up') return
  const failures = failuresWith(now, outcome)
  if (failures > 0) conditions.set(provider, { is: 'up', failures })
  else if (now !== undefined) conditions.delete(provider)
}

/** A new conductor asks again wherever nobody knows better. */
export function resumeProviders({ conditions }: RunState): void {
  for (const [provider, condition] of conditions) {
    if (condition.is !== 'waiting' || condition.until === undefined) conditions.delete(provider)
  }
}
