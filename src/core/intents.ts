import type { EventBody } from './events.ts'
import type { CheckRow, Outcome } from './outcome.ts'
import type { Plan } from './plan.ts'
import type { Problem } from './problem.ts'
import type { Settings } from './settings.ts'
import type { FileStatus } from './task.ts'

/** What a person, or the watcher for them, wants. */
export type Intent =
  /** Take a plan into the run. A file that is known already is revised, as far as it has not started. */
  | { type: 'add'; plan: Plan }
  /** The file is gone: what of it has not started is cancelled. */
  | { type: 'withdraw'; file: string }
  /** Answers every gate that waits for an approval. */
  | { type: 'approve-all'; by: string }
  /** Interrupt what runs and leave; the run can be resumed. */
  | { type: 'stop'; reason: string }

/** What the runtime found out by performing a command. */
export type Report =
  | { type: 'opened'; run: string; project: string; version: string; settings: Settings }
  | { type: 'resumed'; version: string; settings: Settings }
  | { type: 'attempt-ended'; task: string; attempt: number; outcome: Outcome }
  | { type: 'checks-ended'; task: string; attempt: number; rows: CheckRow[] | 'interrupted' }
  | { type: 'filed'; file: string; status: FileStatus; path: string; problem?: string }
  /** Time passed: retries may be due. */
  | { type: 'tick' }

/** All that comes into the loop. */
export type Input = Intent | Report

/** Why an intent was not carried out. `later` says that it can be once the open run has closed. */
export type Refusal = { problems: Problem[]; later: boolean }

/** What an input comes to: facts to record, or why it is not carried out. */
export type Admission = { events: EventBody[]; refusal?: Refusal }
