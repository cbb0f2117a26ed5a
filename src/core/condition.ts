import { asksToWait, downFor, shownOf } from './failure.ts'
import type { Outcome } from './outcome.ts'
import { formatTime } from './units.ts'

/*
 * How a provider is doing, as far as its attempts have shown. One that is not listed is up.
 *
 *          asks to be left alone       until has come · a person says so
 *   up ─────────────────────▶ waiting ─────────────────────────────────────▶ up
 *    │
 *    │ down, several times in a row            time                     answers
 *    └────────────────────────────▶ resting ─────────▶ due ─▶ probing ─────────▶ up
 *                                      ▲                         │
 *                                      └──── still down ─────────┤ for longer than patience allows
 *                                                                ▼
 *                                                               gone ── a person resumes ──▶ up
 */
export type Condition =
  /**
   * `failures`: how many attempts in a row found it down. `proved`: it said that it is back, and no attempt has shown
   * it yet; how it was away before. `waits`: how often in a row it has asked to be left alone.
   */
  | { is: 'up'; failures: number; proved: Away | undefined; waits: number }
  /** It asked to be left alone; without `until` nobody knows for how long. */
  | { is: 'waiting'; until: string | undefined; waits: number; reason: string }
  /** It keeps failing: one question at a time tells when it is back. `since`: when it was first found down. */
  | ({ is: 'resting'; until: string; reason: string } & Away)
  | ({ is: 'due' | 'probing'; reason: string } & Away)
  | { is: 'gone'; reason: string }

/** `since`: when it was first found down (ISO 8601). `rests`, `proofs`: how often it has rested since, and has said that it is back. */
type Away = { since: string; rests: number; proofs: number }

/** So many attempts in a row find a provider down before it rests. */
const DOWN_AFTER = 3
const FIRST_REST_MS = 2_000
const LONGEST_REST_MS = 60_000
const LONGEST_ASKED_MS = 600_000

/**
 * How long a provider rests before it is asked again, in ms: 2, 4, 8 … seconds, at most a minute; as long as it says
 * itself, but not for hours: it may be back sooner, and to ask costs nothing.
 * @param rests how often it has rested
 */
export function restFor(rests: number, asked = 0): number {
  return Math.max(Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** rests), Math.min(asked, LONGEST_ASKED_MS))
}

/** How it stands when a question has found it back: one more failure sends it to rest again, and for longer. */
export function backAgain({ since, rests, proofs }: Away): Condition {
  return { is: 'up', failures: DOWN_AFTER - 1, proved: { since, rests, proofs: proofs + 1 }, waits: 0 }
}

/** How it has been away, if it is, or has only said that it is back. */
export function awayOf(condition: Condition | undefined): Away | undefined {
  if (condition === undefined) return undefined
  if (condition.is === 'up') return condition.proved
  if (!('since' in condition)) return undefined
  const { since, rests, proofs } = condition
  return { since, rests, proofs }
}

/** How many attempts in a row have found a provider down, this one included. */
export function failuresWith(condition: Condition | undefined, outcome: Outcome): number {
  const failures = condition?.is === 'up' ? condition.failures : 0
  const shown = shownOf(outcome)
  switch (shown) {
    case 'up':
      return 0
    case 'down':
      // One that says for how long it will be down need not be asked again to know.
      return downFor(outcome) === undefined ? failures + 1 : DOWN_AFTER
    case 'broken':
      return DOWN_AFTER
    case 'nothing':
      return failures
  }
}

/** Whether an attempt's end sends its provider to rest. */
export function sendsToRest(condition: Condition | undefined, outcome: Outcome): boolean {
  return isUsable(condition) && failuresWith(condition, outcome) >= DOWN_AFTER
}

/**
 * Whether a failure is its provider's own, and costs its task no try: the provider is away already, or goes to
 * rest by it. Where it has just said that it is back, the task may well be what it fails on.
 */
function isForgiven(condition: Condition | undefined, outcome: Outcome): boolean {
  const shown = shownOf(outcome)
  if (shown !== 'down' && shown !== 'broken') return false
  return !isUsable(condition) || (sendsToRest(condition, outcome) && !wasProved(condition))
}

/**
 * Whether an attempt counts against its task's retries. That a conductor was stopped, that a quota is used up or that
 * the provider is away says nothing about the task.
 */
export function countsAsTry(outcome: Outcome, condition: Condition | undefined): boolean {
  if (outcome.result === 'answered') return true
  return outcome.kind !== 'interrupted' && !asksToWait(outcome) && !isForgiven(condition, outcome)
}

/** Whether the last that is known of a provider is its own word that it is back. */
export function wasProved(condition: Condition | undefined): boolean {
  return condition?.is === 'up' && condition.proved !== undefined
}

/** How often in a row it has asked to be left alone. */
export function waitsOf(condition: Condition | undefined): number {
  return condition?.is === 'up' || condition?.is === 'waiting' ? condition.waits : 0
}

/** Whether one attempt at a time has to do: it was away, or has asked again and again to be left alone, and has not answered since. */
export function isOnTrial(condition: Condition | undefined): boolean {
  return condition?.is === 'up' && (condition.waits > 1 || condition.proved !== undefined)
}

/** Whether it has nothing left, and nobody knows for how long. */
export function isSpent(condition: Condition | undefined): boolean {
  return condition?.is === 'waiting' && condition.until === undefined
}

/** Whether an attempt may be started on it. */
export function isUsable(condition: Condition | undefined): boolean {
  return condition === undefined || condition.is === 'up'
}

/** Whether time alone, or a question that is due, can bring it back. */
export function comesBack(condition: Condition | undefined): boolean {
  switch (condition?.is) {
    case undefined:
    case 'up':
    case 'resting':
    case 'due':
    case 'probing':
      return true
    case 'waiting':
      return condition.until !== undefined
    case 'gone':
      return false
  }
}

/** What keeps it from being used, in words that go on from its name; undefined when nothing does. */
export function conditionText(condition: Condition | undefined): string | undefined {
  switch (condition?.is) {
    case undefined:
    case 'up':
      return undefined
    case 'waiting':
      return condition.until === undefined ? `has nothing left: ${condition.reason}` : `is left alone until ${formatTime(condition.until)}`
    case 'resting':
      return `is down, and is asked again at ${formatTime(condition.until)}`
    case 'due':
    case 'probing':
      return 'is down, and is being asked again'
    case 'gone':
      return `is down: ${condition.reason}`
  }
}
