import type { LimitName } from './budget.ts'
import type { Reservation, Settlement } from './money.ts'
import type { Answered, CheckRow, Outcome } from './outcome.ts'
import type { Ladder, Route, Target } from './route.ts'
import type { TaskSpec } from './task.ts'

/*
 * A task's life (events in capitals where they are not the state's own name):
 *
 *   waiting ──dependencies complete──▶ ready ──attempt.started──▶ running ──▶ checking ──▶ complete
 *     ▲  │                              │ ▲                          │           │
 *     │  │ task.ended (blocked)         │ │ gate.answered            │           ├──▶ incomplete
 *     │  ▼                              ▼ │                          │           │
 *     │ blocked             gate.opened: held                        ├──▶ failed │
 *     ├──────────────── retry.scheduled ─────────────────────────────┤           │
 *     └─ready◀───────── route.changed ───────────────────────────────┴───────────┘
 *
 * Every failure passes through ready: within the same step a task may then wait for a retry, or end.
 *
 * A task that there is no money for waits while its answer is looked for in the cache (cache.asked, cache.told),
 * and is ready again. One that no provider or no money is there for stays ready, as long as that can change by
 * itself; it is held at a budget gate when only another day or a person can change it. skipped and cancelled are
 * reached from any state that is not terminal.
 */
export type TaskState =
  /** `cache`: there is no money for it, and it is being looked whether its answer is there already. */
  | { status: 'waiting'; for: { what: 'dependencies' } | { what: 'retry'; until: string; reason: string } | { what: 'cache' } }
  | { status: 'ready' }
  | { status: 'held'; gate: 'approval' }
  | { status: 'held'; gate: 'budget'; limit: LimitName | undefined; reason: string }
  | { status: 'running'; attempt: number; since: string }
  /** `due`: no one has begun to check. */
  | { status: 'checking'; attempt: number; step: 'due' | 'begun' }
  | { status: 'complete' }
  | { status: 'incomplete' | 'failed' | 'skipped' | 'cancelled'; reason: string }
  | { status: 'blocked'; by: string; reason: string }

export type TaskStatus = TaskState['status']

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
  ended_at?: string
  outcome?: Outcome
  rows?: CheckRow[]
}

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
  approved: boolean
  ended_at?: string
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

/** Whether a task's end lets its dependents run: it completed, or its failure does not matter to them. */
export function letsDependentsRun(task: Task): boolean {
  return task.state.status === 'complete' || (hasEnded(task.state.status) && task.spec.on_failure === 'continue')
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

/** The newest attempt, if there was one. */
export function lastAttempt(task: Task): Attempt | undefined {
  return task.attempts.at(-1)
}
