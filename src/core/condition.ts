import { formatTime } from './views/units.ts'

/*
 * How a provider is doing, as far as its attempts have shown. One that is not listed is up.
 *
 *          quota used up               until has come · a person says so
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
  /** `failures`: how many attempts in a row found it down. */
  | { is: 'up'; failures: number }
  /** It asked to be left alone; without `until` nobody knows for how long. */
  | { is: 'waiting'; until: string | undefined; reason: string }
  /** It keeps failing: one question at a time tells when it is back. `since`: when it was first found down. */
  | { is: 'resting'; until: string; since: string; rests: number; reason: string }
  | { is: 'due' | 'probing'; since: string; rests: number; reason: string }
  | { is: 'gone'; reason: string }

/** So many attempts in a row find a provider down before it rests. */
export const DOWN_AFTER = 3
const FIRST_REST_MS = 2_000
const LONGEST_REST_MS = 60_000

/** How long a provider rests before it is asked again, in ms: 2, 4, 8 … seconds, at most a minute. @param rests how often it has rested */
export function restFor(rests: number): number {
  return Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** rests)
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
      return condition.until === undefined ? `waits for its quota: ${condition.reason}` : `waits for its quota until ${formatTime(condition.until)}`
    case 'resting':
      return `is down, and is asked again at ${formatTime(condition.until)}`
    case 'due':
    case 'probing':
      return 'is down, and is being asked again'
    case 'gone':
      return `is down: ${condition.reason}`
  }
}
