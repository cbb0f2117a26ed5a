import { expect } from 'vitest'
import type { RunState } from '../../src/core/state.ts'
import { hasEnded, isAsking, lastAttempt, letsDependentsRun, TASK_STATUSES } from '../../src/core/task-state.ts'

/** Holds every counter and index of a run against what its tasks say. */
export function expectIndexesToAgree(state: RunState): void {
  const tasks = [...state.tasks.values()]
  const ids = (is: (task: (typeof tasks)[number]) => boolean) => tasks.filter(is).map(({ spec }) => spec.id).sort()
  const some = (ids: Iterable<string>) => [...ids].sort()

  expect(state.counts).toEqual(Object.fromEntries(TASK_STATUSES.map((status) => [status, ids((task) => task.state.status === status).length])))
  expect(state.left).toBe(ids((task) => !hasEnded(task.state.status)).length)
  for (const file of state.files.values()) {
    expect(file.left).toBe([...file.tasks].filter((id) => !hasEnded(state.tasks.get(id)?.state.status ?? 'waiting')).length)
  }

  for (const { spec, missing, state: now } of tasks) {
    const dependencies = [...new Set(spec.depends_on)].flatMap((id) => state.tasks.get(id) ?? [])
    expect(missing).toBe(dependencies.filter((dependency) => !letsDependentsRun(dependency)).length)
    const waits = now.status === 'waiting' && now.for.what === 'dependencies'
    if (!hasEnded(now.status)) expect([spec.id, missing > 0]).toEqual([spec.id, waits])
  }

  const ready = [...state.lanes.values()].flatMap(({ ready }) => ready.entries.map(({ id }) => id))
  expect(some([...ready, ...state.toGate])).toEqual(ids(({ state: now }) => now.status === 'ready'))
  expect(some(state.retries.entries.map(({ id }) => id))).toEqual(ids(({ state: now }) => now.status === 'waiting' && now.for.what === 'retry'))
  expect(some(state.lookUps)).toEqual(ids(({ state: now }) => now.status === 'waiting' && now.for.what === 'cache'))
  expect(some(state.toCheck)).toEqual(ids(({ state: now }) => now.status === 'checking' && now.step === 'due'))
  expect(state.checksBegun).toBe(ids(({ state: now }) => now.status === 'checking' && now.step === 'begun').length)
  expect(some(state.asking)).toEqual(ids(({ state: now }) => isAsking(now)))
  expect(some(state.timeouts.entries.map(({ id }) => id))).toEqual(ids(({ state: now }) => now.status === 'held' && now.gate !== 'paused' && now.due !== undefined))
  const told = ids(({ state: now }) => now.status === 'running' || (isAsking(now) && now.reply !== undefined))
  for (const id of state.toTell.keys()) expect(told).toContain(id)
  const underWay = ids(({ state: now }) => now.status === 'running' || now.status === 'checking' || isAsking(now))
  for (const id of state.toInterrupt) expect(underWay).toContain(id)
  for (const [provider, count] of state.running) {
    expect(count).toBe(ids((task) => task.state.status === 'running' && lastAttempt(task)?.route.provider === provider).length)
  }
  expect(ids(({ paused, state: now }) => paused !== undefined && now.status === 'ready')).toEqual([])
  expect(ids(({ paused, ending, state: now }) => (paused !== undefined || ending !== undefined) && hasEnded(now.status))).toEqual([])
}
