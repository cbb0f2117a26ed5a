import { expect } from 'vitest'
import type { RunState } from '../../src/core/state.ts'
import { hasEnded, isAsking, lastAttempt, letsDependentsRun, TASK_STATUSES } from '../../src/core/task-state.ts'

/**
 * Holds every counter and index of a run against what its tasks say. They are compared in one go: properties
 * do it after every step, and an expectation costs more than the step.
 */
export function expectIndexesToAgree(state: RunState): void {
  const tasks = [...state.tasks.values()]
  const ids = (is: (task: (typeof tasks)[number]) => boolean) => tasks.filter(is).map(({ spec }) => spec.id).sort()
  const some = (ids: Iterable<string>) => [...ids].sort()
  const isDone = (id: string) => hasEnded(state.tasks.get(id)?.state.status ?? 'waiting')
  const missingOf = ({ spec }: (typeof tasks)[number]) => [...new Set(spec.depends_on)].flatMap((id) => state.tasks.get(id) ?? []).filter((dependency) => !letsDependentsRun(dependency)).length
  const waits = ids(({ state: now }) => now.status === 'waiting' && now.for.what === 'dependencies')
  const told = ids(({ state: now }) => now.status === 'running' || (isAsking(now) && now.reply !== undefined))
  const underWay = ids(({ state: now }) => now.status === 'running' || now.status === 'checking' || isAsking(now))

  const kept = {
    counts: state.counts,
    left: state.left,
    files: [...state.files.values()].map(({ left }) => left),
    missing: tasks.map(({ spec, missing }) => [spec.id, missing]),
    waits: ids((task) => !hasEnded(task.state.status) && task.missing > 0),
    ready: some([...[...state.lanes.values()].flatMap(({ ready }) => ready.entries.map(({ id }) => id)), ...state.toGate]),
    retries: some(state.retries.entries.map(({ id }) => id)),
    lookUps: some(state.lookUps),
    toCheck: some(state.toCheck),
    checksBegun: state.checksBegun,
    asking: some(state.asking),
    timeouts: some(state.timeouts.entries.map(({ id }) => id)),
    running: [...state.running],
    toldInVain: [...state.toTell.keys()].filter((id) => !told.includes(id)),
    interruptedInVain: [...state.toInterrupt].filter((id) => !underWay.includes(id)),
    pausedAndReady: ids(({ paused, state: now }) => paused !== undefined && now.status === 'ready'),
    steeredAndEnded: ids(({ paused, ending, state: now }) => (paused !== undefined || ending !== undefined) && hasEnded(now.status)),
  }
  expect(kept).toEqual({
    counts: Object.fromEntries(TASK_STATUSES.map((status) => [status, ids((task) => task.state.status === status).length])),
    left: ids((task) => !hasEnded(task.state.status)).length,
    files: [...state.files.values()].map(({ tasks: its }) => [...its].filter((id) => !isDone(id)).length),
    missing: tasks.map((task) => [task.spec.id, missingOf(task)]),
    waits,
    ready: ids(({ state: now }) => now.status === 'ready'),
    retries: ids(({ state: now }) => now.status === 'waiting' && now.for.what === 'retry'),
    lookUps: ids(({ state: now }) => now.status === 'waiting' && now.for.what === 'cache'),
    toCheck: ids(({ state: now }) => now.status === 'checking' && now.step === 'due'),
    checksBegun: ids(({ state: now }) => now.status === 'checking' && now.step === 'begun').length,
    asking: ids(({ state: now }) => isAsking(now)),
    timeouts: ids(({ state: now }) => now.status === 'held' && now.gate !== 'paused' && now.due !== undefined),
    running: [...state.running.keys()].map((provider) => [provider, ids((task) => task.state.status === 'running' && lastAttempt(task)?.route.provider === provider).length]),
    toldInVain: [],
    interruptedInVain: [],
    pausedAndReady: [],
    steeredAndEnded: [],
  })
}
