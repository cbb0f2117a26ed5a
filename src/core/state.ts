import { emptyBudget, type BudgetState } from './budget.ts'
import type { Condition } from './condition.ts'
import { emptyHeap, type Heap } from './heap.ts'
import type { CheckRow, Outcome } from './outcome.ts'
import type { EarlierTask, PlanFile } from './plan.ts'
import type { Reservation, Settlement } from './money.ts'
import type { Price } from './price.ts'
import type { Ladder, Route, Target } from './route.ts'
import type { Settings } from './settings.ts'
import type { FileStatus, TaskSpec } from './task.ts'

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
 * A task that there is no money for waits while its answer is looked for in the cache (cache.asked, cache.told),
 * and is ready again. One that no provider or no money is there for stays ready, as long as that can change by itself; it is
 * held at a budget gate when only another day or a person can change it. skipped and cancelled are reached from any state that is not terminal.
 */
export type TaskState =
  /** `cache`: there is no money for it, and it is being looked whether its answer is there already. */
  | { status: 'waiting'; for: { what: 'dependencies' } | { what: 'retry'; until: string; reason: string } | { what: 'cache' } }
  | { status: 'ready' }
  | { status: 'held'; gate: 'approval' }
  | { status: 'held'; gate: 'budget'; reason: string }
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
  /** Set aside for it; absent for what nobody is paid for, such as a command. */
  reserved?: Reservation
  /** What it came to. A reservation ends with its attempt, always. */
  settled?: Settlement
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
  /** The rung's routes, the first one first, and the lane of all tasks that have the same before them. */
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
  /** An upper bound for the prompt as its file states it, in bytes. */
  prompt_bytes: number
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

/** A task file in the run. `left` counts its tasks that have not ended. */
export type RunFile = PlanFile & {
  /** Where it lies now. */
  path: string
  tasks: string[]
  /** Attempts of any of its tasks. */
  attempts: number
  left: number
  /** The status that the file should carry and does not yet; `filing` while it is being written. */
  due: FileStatus | undefined
  step: 'idle' | 'filing'
  problem?: string
}

type Phase =
  | { phase: 'empty' }
  | { phase: 'open' }
  | { phase: 'stopping'; reason: string }
  | { phase: 'stopped'; reason: string }
  | { phase: 'closed'; status: 'succeeded' | 'failed' | 'cancelled' }

/** Ready tasks that would take the same routes, in the same order. */
export type Lane = { routes: readonly Target[]; ready: Heap<ReadyEntry> }

/** A task that is ready; `priority` and `rank` are larger for what leaves earlier. */
export type ReadyEntry = { id: string; priority: number; rank: number; order: number }
/** A task that waits for its next attempt. ISO times in UTC compare as text. */
export type RetryEntry = { id: string; until: string; order: number }

/**
 * Everything about a run that can be known from its events. Only `reduce` changes it. The members below
 * `files` are indexes over the tasks: they are what makes a decision cost the same in a large run.
 */
export type RunState = {
  run: string
  project: string
  version: string
  opened_at: string
  ended_at: string | undefined
  phase: Phase
  settings: Settings | undefined
  /** Sequence number of the last event. */
  seq: number
  tasks: Map<string, Task>
  files: Map<string, RunFile>
  /** Tasks of earlier runs that tasks of this one depend on, by their id. */
  earlier: Map<string, EarlierTask>

  /** Ids by their small letters: ids name folders, and some file systems do not tell capitals apart. */
  names: Map<string, string>
  counts: Record<TaskStatus, number>
  /** Tasks that have not ended. */
  left: number
  /** Ready tasks, by where they would run. */
  lanes: Map<string, Lane>
  retries: Heap<RetryEntry>
  /** Tasks whose answers are looked for in the cache. */
  lookUps: Set<string>
  /** Attempts under way, by their provider. */
  running: Map<string, number>
  /** Providers that something has been learnt about. */
  conditions: Map<string, Condition>
  /** What attempts cost, by `priceKey`. */
  prices: Map<string, Price>
  budget: BudgetState
  /** Ready tasks that need an approval nobody has been asked for yet. */
  toGate: Set<string>
  /** Tasks whose checks nobody has begun. */
  toCheck: Set<string>
  /** Checks that are being carried out. */
  checksBegun: number
  /** Attempts that have to be interrupted. */
  toInterrupt: Set<string>
  /** Files whose status has to be written. */
  toFile: Set<string>
  filing: number
}

export function emptyState(): RunState {
  return {
    run: '',
    project: '',
    version: '',
    opened_at: '',
    ended_at: undefined,
    phase: { phase: 'empty' },
    settings: undefined,
    seq: 0,
    tasks: new Map(),
    files: new Map(),
    earlier: new Map(),
    names: new Map(),
    counts: {
      waiting: 0,
      ready: 0,
      held: 0,
      running: 0,
      checking: 0,
      complete: 0,
      incomplete: 0,
      failed: 0,
      blocked: 0,
      skipped: 0,
      cancelled: 0,
    },
    left: 0,
    lanes: new Map(),
    retries: emptyHeap(),
    lookUps: new Set(),
    running: new Map(),
    conditions: new Map(),
    prices: new Map(),
    budget: emptyBudget(),
    toGate: new Set(),
    toCheck: new Set(),
    checksBegun: 0,
    toInterrupt: new Set(),
    toFile: new Set(),
    filing: 0,
  }
}

/** The task of this id; a missing one is a bug, because every event names a task that was added. */
export function taskOf(state: RunState, id: string): Task {
  const task = state.tasks.get(id)
  if (task === undefined) throw new Error(`bug: there is no task "${id}" in run ${state.run}`)
  return task
}

/** The run's settings; they come with its first event. */
export function settingsOf(state: RunState): Settings {
  if (state.settings === undefined) throw new Error('bug: the run has not been opened')
  return state.settings
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

/** Whether a task's end lets its dependents run: it completed, or its failure does not matter to them. */
export function letsDependentsRun(task: Task): boolean {
  return task.state.status === 'complete' || (hasEnded(task.state.status) && task.spec.on_failure === 'continue')
}

/** Tasks that are held because there is no money for them. */
export function heldForMoney({ tasks }: RunState): Task[] {
  return [...tasks.values()].filter(({ state: now }) => now.status === 'held' && now.gate === 'budget')
}

/** The last answer that a task's attempts came back with. */
export function answerOf({ attempts }: Task): Extract<Outcome, { result: 'answered' }> | undefined {
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
