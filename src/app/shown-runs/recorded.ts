import { reduce } from '../../core/reduce.ts'
import { emptyState } from '../../core/state.ts'
import { readEvents } from '../../store/read-events.ts'
import type { RunFolder } from '../../store/run-folder.ts'
import type { ShownRun } from '../screen.ts'
import { placeOf } from './place.ts'

/** A run that nobody conducts, as its log left it. Throws `DamagedLog` when that cannot be understood. */
export async function recordedRun(folder: RunFolder): Promise<ShownRun> {
  const state = emptyState()
  let last = ''
  await readEvents(folder.events, (event) => {
    reduce(state, event)
    last = event.at
  })
  const now = last === '' ? Date.now() : Date.parse(last)
  return { ...placeOf(folder), is: 'recorded', state, subscribe: () => () => {}, now: () => now }
}
