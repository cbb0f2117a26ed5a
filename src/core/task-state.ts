import type { LimitName } from './budget.ts'
import type { GateKind, GateTimeout } from './gate.ts'
import type { Reservation, Settlement } from './money.ts'
import type { Answered, CheckRow, Outcome } from './outcome.ts'
import type { Question, Reply } from './question.ts'
import type { Ladder, Route, Target } from './route.ts'
import type { TaskSpec } from './task.ts'

/*
 * A task's life (events in capitals where they are not the state's own name):
 *
 *                                                        gate.opened: held at a question
 *                                                               ▲ │ question.told
 *                                                               │ ▼
 *   waiting ──dependencies complete──▶ ready ──attempt.started──▶ running ──▶ checking ──▶ complete
 *     ▲  │                              │ ▲                          │         │   │          ▲ approved
 *     │  │ task.ended (blocked)         │ │ gate.answered            │         │   └──▶ held at a review ──▶ incomplete
 *     │  ▼                              ▼ │                          │         │              │ sent back: ready
 *     │ blocked             gate.opened: held                        ├─▶ failed├──▶ incomplete
 *     ├──────────────── retry.scheduled ─────────────────────────────┤         │
 *     └─ready◀───────── route.changed ───────────────────────────────┴─────────┘
 *
 * Every failure passes through ready: within the same step a task may then wait for a retry, or end.
 *
 * A task that there is no money for waits while its answer is looked for in the cache (cache.asked, cache.told),
 * and is ready again. One that no provider or no money is there for stays ready, as long as that can change by
 * itself; it is held at a budget gate when only another day or a person can change it, and at a quota gate when only a
 * person can tell when its provider has something left again. One that a person has paused
 * is held wherever it would be ready (task.paused, task.unpaused). skipped and cancelled are reached from any state
 * that is not terminal: from running and checking once what is under way has been interrupted (task.ending). Whatever
 * has ended waits or is ready once more when a person wants it done again (task.reopened); so does what has not ended
 * behind it.
 */
export type TaskState =
  /** `cache`: there is no money for it, and it is being looked whether its answer is there already. */
  | { status: 'waiting'; for: { what: 'dependencies' } | { what: 'retry'; until: string; reason: string } | { what: 'cache' } }
  | { status: 'ready' }
  | HeldState
  | { status: 'running'; attempt: number; since: string }
  /** `due`: no one has begun to check. */
  | { status: 'checking'; attempt: number; step: 'due' | 'begun' }
  | { status: 'complete' }
  | { status: 'incomplete' | 'failed'; reason: string }
  /** `asked_by`: the person who wanted it; without one its file no longer holds it. */
  | { status: 'skipped' | 'cancelled'; reason: string; asked_by: string | undefined }
  | { status: 'blocked'; by: string; reason: string }

/** What every gate has. `id`: see `gate.ts`; `since`: when the task came to it; `due`: when it is answered by itself (ISO 8601). */
type AtGate = { status: 'held'; id: string; shown: string; since: string; due: { at: string; does: GateTimeout['does'] } | undefined }

export type HeldState =
  | (AtGate & { gate: 'approval' | 'review' })
  | (AtGate & { gate: 'budget'; limit: LimitName | undefined; reason: string })
  /** `providers`: those of its routes that have nothing left. */
  | (AtGate & { gate: 'quota'; providers: readonly string[]; reason: string })
  | AtQuestion
  | { status: 'held'; gate: 'paused'; since: string; by: string }

/**
 * `live`: the attempt that asks is there, and waits. Once there is a reply it is told as soon as there is room for it to
 * go on. One that is not there any more is followed by another, which gets the reply when it asks again.
 */
export type AtQuestion = AtGate & { gate: 'question'; attempt: number; live: boolean; question: Question; reply: Reply | undefined }

export type TaskStatus = TaskState['status']

/** What a task is held at. */
export type Gate = GateKind | 'paused'

export const TASK_STATUSES = [
  'waiting',
  'ready',
  'held',
  'running',
  'checking',
  'complete',
  'incomplete',
  'failed',
  'blocked',
  'skipped',
  'cancelled',
] as const satisfies readonly TaskStatus[]

/** One try of a task on one route. */
export type Attempt = {
  attempt: number
  route: Route
  started_at: string
  /** Set aside for it: nothing for what is free; absent for a command, which has no price. */
  reserved?: Reservation
  /** What it came to. A reservation ends with its attempt, always. */
  settled?: Settlement
  /** What a person has added to that since, or taken off it; micro-dollars. */
  corrected?: number
  /** Whether it counts against its task's retries; see `countsAsTry`. */
  counted?: boolean
  /** The attempt whose conversation it goes on with; its own number otherwise. */
  session: number
  /** How many questions it has put to a person. */
  asked?: number
  ended_at?: string
  outcome?: Outcome
  rows?: CheckRow[]
}

/** An end that a person wants. */
export type Ending = { status: 'skipped' | 'cancelled'; by: string }

/** Where a task may run, and where on its ladder it stands. */
export type Standing = {
  ladder: Ladder
  rung: number
  /** Which of the rung's routes comes first. */
  turn: number
  /** The highest rung that it may move up to. */
  ceiling: number
  /** The rung's routes from there on, and the lane of all tasks that have the same before them. */
  routes: readonly Target[]
  lane: string
  /** The first of the routes: where it goes once it is ready, if that can be used then. */
  route: Route
}

export type Task = Standing & {
  spec: TaskSpec
  state: TaskState
  /** Attempts on this rung that count against its retries. */
  tries: number
  /** Whether the answer to its next attempt is in the cache, if that has been looked up. */
  cached: boolean | undefined
  rank: number
  /** The age: its place among all tasks that were added. */
  order: number
  /** Dependencies that do not let it run yet. */
  missing: number
  dependents: string[]
  attempts: Attempt[]
  /** How many of the attempts there had been when it was last reopened: those count no more. */
  past: number
  approved: boolean
  /** What people have said when they sent its answer back, since it was last reopened. */
  comments: readonly { by: string; text: string }[]
  /** What its attempts have asked and been told, since it was last reopened: asked again, it is told again. */
  replies: readonly { question: Question; reply: Reply }[]
  /** Who has paused it: it goes no further than to where it would be ready. */
  paused: string | undefined
  /** How it ends, whatever comes of what is under way, because a person wants it so. */
  ending: Ending | undefined
  ended_at: string | undefined
}

/** Whether a status is final. */
export function hasEnded(status: TaskStatus): boolean {
  switch (status) {
    case 'waiting':
    case 'ready':
    case 'held':
    case 'running':
    case 'checking':
      return false
    case 'complete':
    case 'incomplete':
    case 'failed':
    case 'blocked':
    case 'skipped':
    case 'cancelled':
      return true
  }
}

/** Whether nothing has been done of a task yet. */
export function isUntouched(task: Task): boolean {
  return task.attempts.length === 0 && !hasEnded(task.state.status)
}

/** Whether an attempt or its checks are being carried out; one that waits for an answer is still there. */
export function isUnderWay({ state: now }: Task): boolean {
  return now.status === 'running' || (now.status === 'checking' && now.step === 'begun') || isAsking(now)
}

/** Whether an attempt is there and waits for an answer. */
export function isAsking(now: TaskState): now is AtQuestion {
  return now.status === 'held' && now.gate === 'question' && now.live
}

/** Whether a task has ended in a way that does not let its dependents run. */
export function stopsDependents(task: Task): boolean {
  return hasEnded(task.state.status) && !letsDependentsRun(task)
}

/** Whether a task's end lets its dependents run: it completed, a person does without it, or its failure does not matter to them. */
export function letsDependentsRun({ spec, state: { status } }: Task): boolean {
  return status === 'complete' || status === 'skipped' || (hasEnded(status) && spec.on_failure === 'continue')
}

/** Whether an attempt was settled at a guess, and nobody has said since what it did cost. */
export function isEstimate({ settled, corrected }: Attempt): boolean {
  return settled?.estimated === true && corrected === undefined
}

/** What attempts have cost, as far as anybody knows: settlements and what has been corrected since; micro-dollars. */
export function costOfAttempts(attempts: readonly Attempt[]): number {
  return attempts.reduce((sum, { settled, corrected = 0 }) => sum + (settled?.micro_usd ?? 0) + corrected, 0)
}

/** The last answer that a task's attempts came back with. */
export function answerOf({ attempts }: Task): Answered | undefined {
  for (let i = attempts.length - 1; i >= 0; i--) {
    const outcome = attempts[i]?.outcome
    if (outcome?.result === 'answered') return outcome
  }
  return undefined
}

/** Attempts since a task was last reopened; all of them where it never was. */
export function attemptsAnew({ attempts, past }: Task): Attempt[] {
  return past === 0 ? attempts : attempts.slice(past)
}

/** The newest attempt, if there was one. */
export function lastAttempt(task: Task): Attempt | undefined {
  return task.attempts.at(-1)
}
