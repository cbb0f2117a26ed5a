import type { FailureKind, Outcome } from './outcome.ts'

/** What a kind of failure says. */
type Meaning = {
  /** Whether the same attempt may succeed at another time. */
  again: boolean
  /** The route is at fault, and not the task: another one of its tier may do. */
  route: boolean
  /** What it shows of the provider. `broken`: only a person can mend it, and one failure tells. */
  provider: 'up' | 'down' | 'broken' | 'nothing'
}

const MEANINGS: Record<FailureKind, Meaning> = {
  timeout: { again: true, route: false, provider: 'nothing' },
  silent: { again: true, route: true, provider: 'down' },
  rate_limited: { again: true, route: false, provider: 'up' },
  quota_exhausted: { again: true, route: false, provider: 'up' },
  auth: { again: false, route: true, provider: 'broken' },
  not_installed: { again: false, route: true, provider: 'broken' },
  bad_request: { again: false, route: false, provider: 'up' },
  model_missing: { again: false, route: true, provider: 'up' },
  provider_down: { again: true, route: true, provider: 'down' },
  bad_output: { again: true, route: false, provider: 'up' },
  command_failed: { again: true, route: false, provider: 'nothing' },
  permission_denied: { again: false, route: false, provider: 'up' },
  limit_reached: { again: false, route: false, provider: 'up' },
  unanswered: { again: false, route: false, provider: 'nothing' },
  broken: { again: true, route: false, provider: 'nothing' },
  interrupted: { again: true, route: false, provider: 'nothing' },
}

export function meaningOf(kind: FailureKind): Meaning {
  return MEANINGS[kind]
}

/** What an attempt's end shows of its provider. An answer from the cache shows nothing: nobody was asked. */
export function shownOf(outcome: Outcome): Meaning['provider'] {
  if (outcome.result === 'failed') return MEANINGS[outcome.kind].provider
  return outcome.cached === true ? 'nothing' : 'up'
}

/** A provider that asks to be left alone, or that has nothing left: a state of the provider, not a failure of the task. */
export function asksToWait(outcome: Outcome): boolean {
  return outcome.result === 'failed' && (outcome.kind === 'rate_limited' || outcome.kind === 'quota_exhausted')
}

/** How long a provider that is down asks not to be asked, in ms; undefined where it does not say. */
export function downFor(outcome: Outcome): number | undefined {
  return outcome.result === 'failed' && shownOf(outcome) === 'down' ? outcome.retry_after_ms : undefined
}
