import { awayOf, backAgain, failuresWith, isUsable, waitsOf, wasProved, type Condition } from './condition.ts'
import type { Event } from './events.ts'
import { shownOf } from './failure.ts'
import type { Outcome } from './outcome.ts'
import { askedAbout } from './quota.ts'
import type { RunState } from './state.ts'
import { giveBack } from './reduce-task.ts'
import { hasEnded } from './task-state.ts'

export type ProviderEvent = Extract<Event, { type: `provider.${string}` }>

/** Takes what has been learnt about a provider into the state. */
export function reduceProvider(state: RunState, event: ProviderEvent): void {
  const { conditions } = state
  const { provider } = event
  const now = conditions.get(provider)
  switch (event.type) {
    case 'provider.waiting':
      // Several that were turned away at once were turned away once.
      conditions.set(provider, { is: 'waiting', until: event.until, waits: waitsOf(now) + (now?.is === 'waiting' ? 0 : 1), reason: event.reason })
      return
    case 'provider.resting': {
      if (isUsable(now) && !wasProved(now)) forgive(state, provider)
      const { since, rests, proofs } = awayOf(now) ?? { since: event.at, rests: 0, proofs: 0 }
      conditions.set(provider, { is: 'resting', until: event.until, since, rests: rests + 1, proofs, reason: event.reason })
      return
    }
    case 'provider.due':
    case 'provider.probing': {
      if (now === undefined || !('since' in now)) throw new Error(`bug: ${provider} is asked whether it is back, and was not away`)
      const { since, rests, proofs, reason } = now
      conditions.set(provider, { is: event.type === 'provider.due' ? 'due' : 'probing', since, rests, proofs, reason })
      return
    }
    case 'provider.gone':
      conditions.set(provider, { is: 'gone', reason: event.reason })
      return
    case 'provider.back':
      if (now?.is === 'waiting') conditions.set(provider, askedAgain(now))
      else if (now?.is === 'probing') conditions.set(provider, backAgain(now))
      else conditions.delete(provider)
  }
}

/** Counts what an attempt has found; one that is away is judged by its own events. */
export function countFailures({ conditions, answered }: RunState, provider: string, outcome: Outcome): void {
  const hasAnswered = outcome.result === 'answered' && shownOf(outcome) === 'up'
  if (hasAnswered) answered.add(provider)
  const now = conditions.get(provider)
  if (!isUsable(now)) return
  const failures = failuresWith(now, outcome)
  const waits = hasAnswered ? 0 : waitsOf(now)
  if (failures + waits > 0) conditions.set(provider, { is: 'up', failures, proved: failures > 0 && now?.is === 'up' ? now.proved : undefined, waits })
  else if (now !== undefined) conditions.delete(provider)
}

/** That a provider went down costs its tasks no try: what they lost while it was being found out is theirs again. */
function forgive({ tasks }: RunState, provider: string): void {
  for (const task of tasks.values()) {
    if (task.tries === 0 || hasEnded(task.state.status)) continue
    for (const attempt of task.attempts.toReversed()) {
      if (attempt.route.provider !== provider || attempt.outcome === undefined || !isDown(attempt.outcome)) break
      giveBack(task, attempt)
    }
  }
}

function isDown(outcome: Outcome): boolean {
  const shown = shownOf(outcome)
  return shown === 'down' || shown === 'broken'
}

/**
 * A new conductor asks again wherever nobody knows better. One that follows a killed one goes on waiting where a person
 * has been asked: they may be about to answer.
 */
export function resumeProviders(state: RunState, wasKilled: boolean): void {
  const { conditions } = state
  const asked = askedAbout(state)
  for (const [provider, condition] of conditions) {
    if (condition.is === 'waiting' && condition.until !== undefined) continue
    if (condition.is !== 'waiting' || !asked.has(provider)) conditions.delete(provider)
    else if (!wasKilled) conditions.set(provider, askedAgain(condition))
  }
}

/** How often it has asked to be left alone is remembered until it answers. */
function askedAgain({ waits }: Extract<Condition, { is: 'waiting' }>): Condition {
  return { is: 'up', failures: 0, proved: undefined, waits }
}
