import type { BudgetState } from './budget.ts'
import type { Heap } from './heap.ts'
import type { RunState } from './state.ts'
import type { Task } from './task-state.ts'

/**
 * A copy that events can be folded into without a change of the original. What events have brought is never changed,
 * so both hold the same specs, routes and outcomes; a copy costs a few microseconds for each task.
 */
export function copyState(state: RunState): RunState {
  return {
    ...state,
    keys: new Map(state.keys),
    tasks: mapped(state.tasks, copyTask),
    files: mapped(state.files, (file) => ({ ...file, tasks: [...file.tasks] })),
    earlier: new Map(state.earlier),
    conditions: new Map(state.conditions),
    answered: new Set(state.answered),
    prices: new Map(state.prices),
    budget: copyBudget(state.budget),
    names: new Map(state.names),
    counts: { ...state.counts },
    lanes: mapped(state.lanes, (lane) => ({ ...lane, ready: copyHeap(lane.ready) })),
    retries: copyHeap(state.retries),
    timeouts: copyHeap(state.timeouts),
    gates: mapped(state.gates, (gate) => ({ ...gate })),
    lookUps: new Set(state.lookUps),
    running: new Map(state.running),
    toGate: new Set(state.toGate),
    asking: new Set(state.asking),
    toTell: new Map(state.toTell),
    toCheck: new Set(state.toCheck),
    toInterrupt: new Set(state.toInterrupt),
    toFile: new Set(state.toFile),
  }
}

function copyTask(task: Task): Task {
  return { ...task, dependents: [...task.dependents], attempts: task.attempts.map((attempt) => ({ ...attempt })) }
}

function copyBudget(budget: BudgetState): BudgetState {
  const { elsewhere, spent, reserved, warned } = budget
  return { ...budget, elsewhere: { ...elsewhere }, spent: { ...spent }, reserved: { ...reserved }, warned: new Set(warned) }
}

function copyHeap<Entry extends { id: string }>({ entries, places }: Heap<Entry>): Heap<Entry> {
  return { entries: [...entries], places: new Map(places) }
}

function mapped<Key, Value>(map: ReadonlyMap<Key, Value>, copy: (value: Value) => Value): Map<Key, Value> {
  const copied = new Map<Key, Value>()
  for (const [key, value] of map) copied.set(key, copy(value))
  return copied
}
