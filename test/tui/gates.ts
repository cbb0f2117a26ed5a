import type { ShownRun } from '../../src/app/screen.ts'
import type { Listener } from '../../src/runtime/loop.ts'
import { runFolder } from '../../src/store/run-folder.ts'
import { conductor } from '../core/conductor.ts'
import { plan, task } from '../core/specs.ts'

/** A run whose tasks wait for approval as soon as they are added. */
export type RunWithGates = ShownRun & { add: (id: string) => void; approve: (id: string) => void }

export function runWithGates(is: ShownRun['is'] = 'live'): RunWithGates {
  const run = conductor({ when_held: 'stay' })
  const listeners = new Set<Listener>()
  let told = run.log.length
  function tell(): void {
    run.next()
    for (const event of run.log.slice(told)) for (const listener of listeners) listener(event, run.state)
    told = run.log.length
  }
  return {
    folder: runFolder('runs', '20261120-140211-7f3a'),
    path: 'runs/20261120-140211-7f3a',
    is,
    get state() {
      return run.state
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    now: () => Date.parse(run.now()),
    add: (id) => {
      run.add(plan(task(id, { requires_approval: true, file: `${id}.yaml` })))
      tell()
    },
    approve: (id) => {
      run.send({ type: 'approve', task: id, by: 'ada' })
      tell()
    },
  }
}
