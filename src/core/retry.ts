import type { FailureKind, Outcome } from './outcome.ts'
import type { TaskSpec } from './task.ts'

/** What a kind of failure asks for. `always`: it costs no retry. */
type Policy = 'always' | 'yes' | 'no'

const POLICY: Record<FailureKind, Policy> = {
  timeout: 'yes',
  rate_limited: 'yes',
  provider_down: 'yes',
  bad_output: 'yes',
  broken: 'yes',
  command_failed: 'yes',
  interrupted: 'always',
  // The same request would be refused again.
  quota_exhausted: 'no',
  auth: 'no',
  not_installed: 'no',
  bad_request: 'no',
  permission_denied: 'no',
  limit_reached: 'no',
  model_missing: 'no',
}

/** The shortest time that a provider is left alone, in ms: one that says "0" again and again would never be. */
export const SHORTEST_WAIT_MS = 1_000
const FIRST_DELAY_MS = 1_000
const LONGEST_DELAY_MS = 60_000

/**
 * How many attempts a task may have after its first. A command is what it is: `npm test` that fails once
 * fails again, and a deployment is better not repeated; only its author knows, and says `retries`.
 * @param otherwise for prompts that do not say
 */
export function retriesOf(spec: TaskSpec, otherwise: number): number {
  return spec.retries ?? (spec.work.kind === 'command' ? 0 : otherwise)
}

/**
 * Whether an attempt counts against its task's retries. That a conductor was stopped, or that a provider's
 * quota is used up until a time it names, says nothing about the task.
 */
export function countsAsTry(outcome: Outcome): boolean {
  return outcome.result === 'answered' || !(outcome.kind === 'interrupted' || isQuota(outcome))
}

/** A provider that says when it wants to be asked again, or that has nothing left: a state of the provider, not a failure of the task. */
export function isQuota(outcome: Outcome): boolean {
  if (outcome.result === 'answered') return false
  return outcome.kind === 'quota_exhausted' || (outcome.kind === 'rate_limited' && outcome.retry_after_ms !== undefined)
}

/**
 * Whether a failed attempt is followed by another, and after how many milliseconds.
 * @param counted attempts so far that count, the failed one included
 * @param retries attempts allowed after the first
 */
export function retryAfterFailure(
  failure: { kind: FailureKind; retry_after_ms?: number | undefined },
  spec: TaskSpec,
  counted: number,
  retries: number,
): { delay_ms: number } | 'give-up' {
  const policy = POLICY[failure.kind]
  switch (policy) {
    case 'always':
      return { delay_ms: 0 }
    case 'no':
      return 'give-up'
    case 'yes':
      return counted > retries ? 'give-up' : { delay_ms: failure.retry_after_ms ?? backoff(spec.id, counted) }
  }
}

/**
 * Exponential back-off with jitter: 1, 2, 4 … seconds, at most a minute, each between half and all of
 * that. The jitter comes from the task's id, so that a replay and a test see the same delays while
 * tasks that failed together do not come back together.
 */
function backoff(id: string, counted: number): number {
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (counted - 1))
  return Math.round(full * (0.5 + 0.5 * fraction(`${id}#${counted}`)))
}

/** FNV-1a over the text, as a number from 0 to 1. */
function fraction(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0) / 2 ** 32
}
