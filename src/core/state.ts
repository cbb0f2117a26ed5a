import { emptyBudget, type BudgetState } from './budget.ts'
import type { Condition } from './condition.ts'
import { emptyHeap, type Heap } from './heap.ts'
import type { GateRecord } from './gate.ts'
import type { EarlierTask, PlanFile } from './plan.ts'
import type { Price } from './price.ts'
import type { Telling } from './question.ts'
import type { Target } from './route.ts'
import type { Settings } from './settings.ts'
import type { FileStatus, TaskSpec } from './task.ts'
import type { Gate, Task, TaskStatus } from './task-state.ts'

/** A task file in the run. `left` counts its tasks that have not ended. */
export type RunFile = PlanFile & {
  /** Where it lies now. */
  path: string
  tasks: string[]
  /** The age of its first task: what is older belongs to another file of this name, which was filed away. */
  since: number
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
  /** Nothing new is started, and what runs comes to its end, or is interrupted at `until` (ISO 8601). */
  | { phase: 'draining'; reason: string; until: string | undefined }
  | { phase: 'stopping'; reason: string }
  | { phase: 'stopped'; reason: string }
  | { phase: 'closed'; status: 'succeeded' | 'failed' | 'cancelled' }

/** Ready tasks that would take the same routes, in the same order. */
export type Lane = { routes: readonly Target[]; ready: Heap<ReadyEntry> }

/** A task that is ready; `priority` and `rank` are larger for what leaves earlier. */
export type ReadyEntry = { id: string; priority: number; rank: number; order: number }
/** A task that something becomes due for at a time. ISO times in UTC compare as text. */
export type RetryEntry = { id: string; until: string; order: number }

/** The numbers of the first and the last event of a step. */
export type KeyedStep = { from: number; to: number }

/**
 * Everything about a run that can be known from its events. Only `reduce` changes it. The last group of members
 * are indexes over the tasks: they are what makes a decision cost the same in a large run.
 */
export type RunState = {
  run: string
  project: string
  version: string
  opened_at: string
  ended_at: string | undefined
  phase: Phase
  /** Who has paused the run: nothing new is started. */
  paused: string | undefined
  settings: Settings | undefined
  /** Sequence number of the last event. */
  seq: number
  /** Steps that were asked for under a key, by that. */
  keys: Map<string, KeyedStep>
  tasks: Map<string, Task>
  files: Map<string, RunFile>
  /** Tasks of earlier runs that tasks of this one depend on, by their id. */
  earlier: Map<string, EarlierTask>
  /** Providers that something has been learnt about. */
  conditions: Map<string, Condition>
  /** Providers that have answered an attempt of this run. */
  answered: Set<string>
  /** What attempts cost, by `priceKey`. */
  prices: Map<string, Price>
  budget: BudgetState
  /** Every gate that was opened, by its id. */
  gates: Map<string, GateRecord>

  /** Ids by their small letters: ids name folders, and some file systems do not tell capitals apart. */
  names: Map<string, string>
  counts: Record<TaskStatus, number>
  /** Tasks that have not ended. */
  left: number
  /** Ready tasks, by where they would run. */
  lanes: Map<string, Lane>
  retries: Heap<RetryEntry>
  /** Gates that are answered by themselves, by their tasks. */
  timeouts: Heap<RetryEntry>
  /** Tasks whose answers are looked for in the cache. */
  lookUps: Set<string>
  /** Attempts under way, by their provider. */
  running: Map<string, number>
  /** Ready tasks that need an approval nobody has been asked for yet. */
  toGate: Set<string>
  /** Tasks whose attempts are there and wait for an answer. */
  asking: Set<string>
  /** What attempts have to be told, by their tasks. */
  toTell: Map<string, Telling>
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
    paused: undefined,
    settings: undefined,
    seq: 0,
    keys: new Map(),
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
    timeouts: emptyHeap(),
    lookUps: new Set(),
    running: new Map(),
    conditions: new Map(),
    answered: new Set(),
    prices: new Map(),
    budget: emptyBudget(),
    gates: new Map(),
    toGate: new Set(),
    asking: new Set(),
    toTell: new Map(),
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

/** The tasks of this run that a task depends on; one of an earlier run has completed and is waited for no more. */
export function dependenciesOf(state: RunState, spec: TaskSpec): Task[] {
  const own = [...new Set(spec.depends_on)].filter((id) => state.tasks.has(id) || !state.earlier.has(id))
  return own.map((id) => taskOf(state, id))
}

/** The run's settings; they come with its first event. */
export function settingsOf(state: RunState): Settings {
  if (state.settings === undefined) throw new Error('bug: the run has not been opened')
  return state.settings
}

/** Tasks that are held at a gate; at `budget` there is no money for them. It costs with the number of tasks. */
export function heldAt({ tasks }: RunState, gate: Gate): Task[] {
  return [...tasks.values()].filter(({ state: now }) => now.status === 'held' && now.gate === gate)
}
