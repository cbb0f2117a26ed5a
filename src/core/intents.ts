import type { SpentElsewhere } from './budget.ts'
import type { EventBody } from './events.ts'
import type { Correction } from './money.ts'
import type { CheckRow, Outcome } from './outcome.ts'
import type { Plan } from './plan.ts'
import type { RoutePrice } from './price.ts'
import type { Problem } from './problem.ts'
import type { Question } from './question.ts'
import type { Settings } from './settings.ts'
import type { FileStatus } from './task.ts'
import type { Author, Wish } from './wish.ts'

/** What a person, or the watcher for them, wants. */
export type Intent =
  /** Take a plan into the run. A file that is known already is revised, as far as it has not started. */
  | { type: 'add'; plan: Plan }
  /** The file is gone: what of it has not started is cancelled. */
  | { type: 'withdraw'; file: string; reason?: string }
  | (Wish & Author)
  /** Leave; the run can be resumed. `drain`: what runs may come to its end first, within `grace_ms` where that is said. */
  | { type: 'stop'; reason: string; drain?: { grace_ms?: number } }
  /** The configuration has other settings now. `keys`: which of them, for people. `changed_by`: who has changed them through a door. */
  | { type: 'reconfigure'; settings: Settings; prices: RoutePrice[]; keys: string[]; changed_by?: string }

/** What the runtime has to tell: how it was started, what it found out by performing a command, and that time has passed. */
export type Report =
  | { type: 'opened'; run: string; project: string; version: string; settings: Settings; elsewhere: SpentElsewhere }
  | { type: 'resumed'; version: string; settings: Settings; elsewhere: SpentElsewhere; corrections: Correction[]; prices: RoutePrice[] }
  /** The conductor that worked here is gone, and the run is not taken up now. */
  | { type: 'abandoned' }
  /** An attempt asks. It waits for a `tell`. */
  | { type: 'asked'; task: string; attempt: number; question: Question }
  /** It needs no answer any more. */
  | { type: 'withdrawn'; task: string; attempt: number }
  | { type: 'attempt-ended'; task: string; attempt: number; outcome: Outcome }
  | { type: 'checks-ended'; task: string; attempt: number; rows: CheckRow[] | 'interrupted' }
  | { type: 'filed'; file: string; status: FileStatus; path: string; problem?: string }
  | { type: 'looked-up'; task: string; hit: boolean }
  /** A provider that rested has been asked whether it is back. `misconfigured`: only a person can mend it. */
  | { type: 'probed'; provider: string; found: 'ready' | 'unreachable' | 'misconfigured'; detail: string }
  /** Time passed: retries, providers or a new day may be due. */
  | { type: 'tick' }

/** All that comes into the loop. */
export type Input = Intent | Report

/** Why an intent was not carried out. `later` says that it can be once the open run has closed. */
export type Refusal = { problems: Problem[]; later: boolean }

/** What an input comes to: facts to record, or why it is not carried out. */
export type Admission = { events: EventBody[]; refusal?: Refusal }
