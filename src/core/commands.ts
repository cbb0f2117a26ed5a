import type { LimitName, SharedLimit } from './budget.ts'
import type { GateTimeout } from './gate.ts'
import type { Reservation } from './money.ts'
import type { CheckRow, FileRecord, RefusedFile } from './outcome.ts'
import type { Said } from './prompt.ts'
import type { Telling } from './question.ts'
import type { Route } from './route.ts'
import type { CacheMode, FileStatus, TaskSpec } from './task.ts'

/** A dependency's result, to be forwarded into the prompt. */
export type Dependency = { id: string; title: string; output: FileRecord | undefined }

export type StartAttempt = Extract<Command, { type: 'start-attempt' }>

/** What bounds an attempt. */
export type Limits = {
  /** Seconds in all; the two below are absent where nothing bounds them. */
  timeout_s: number
  first_token_timeout_s: number | undefined
  idle_timeout_s: number | undefined
  /** Absent where the provider may decide. */
  max_tokens: number | undefined
  /** What was set aside for it, in micro-dollars; absent for what is free. */
  max_cost_micro_usd: number | undefined
}

/** A conversation with an agent, which a later attempt may go on with. */
export type Session = {
  /** The attempt that began it; an attempt that begins its own carries its own number. */
  attempt: number
  /** What earlier attempts of the session were settled at, in micro-dollars. */
  spent_micro_usd: number
}

/** What the core asks the runtime to do next. Performing it yields a report. */
export type Command =
  | {
      type: 'start-attempt'
      spec: TaskSpec
      attempt: number
      route: Route
      reserved: Reservation | undefined
      limits: Limits
      session: Session
      /** `only`: there is no money to ask anybody. */
      cache: CacheMode | 'only'
      dependencies: Dependency[]
      /** What the last attempt's checks missed; empty at the first. */
      feedback: CheckRow[]
      said: Said
      /** It may ask a person. */
      may_ask: boolean
      /** A person looks at its answer before it counts. */
      is_reviewed: boolean
    }
  /** Look whether the answer to this attempt is in the cache; nobody is asked. */
  | { type: 'look-up'; start: StartAttempt }
  | { type: 'interrupt-attempt'; task: string; attempt: number }
  | { type: 'check'; spec: TaskSpec; attempt: number; output: FileRecord | undefined; files: FileRecord[]; refused: RefusedFile[]; is_reviewed: boolean }
  /** Tell an attempt that waits for an answer. */
  | { type: 'tell'; task: string; attempt: number; telling: Telling }
  /** Write a status into a task file, which lies at `path` now. */
  | { type: 'file'; file: string; path: string; status: FileStatus; content_sha256: string }
  | { type: 'open-gate'; task: string; gate: 'approval'; shown: string; timeout?: GateTimeout }
  | { type: 'open-gate'; task: string; gate: 'budget'; reason: string; limit?: LimitName; shown: string; timeout?: GateTimeout }
  | { type: 'open-gate'; task: string; gate: 'quota'; providers: string[]; reason: string; shown: string; timeout?: GateTimeout }
  /** Take a cheaper tier, because the money for this one is not there. */
  | { type: 'downgrade'; task: string; rung: number }
  /** Start nothing more: a limit was reached. */
  | { type: 'stop-spending'; reason: string }
  /** A task may not cost what its next attempt could cost. */
  | { type: 'give-up'; task: string; reason: string }
  /** Tell a person that most of a limit is spent; micro-dollars. */
  | { type: 'warn'; limit: SharedLimit; spent: number; max: number }
  /** Ask a provider that rested whether it is back. */
  | { type: 'probe'; provider: string }
  /** Everything has ended. */
  | { type: 'close'; status: 'succeeded' | 'failed' | 'cancelled' }
  /** Nothing can go on for now: end what is still there and waits for an answer, before it is left. */
  | { type: 'stop'; reason: string }
  /** Nothing can go on for now, or the conductor was asked to leave. */
  | { type: 'leave'; reason: string }
