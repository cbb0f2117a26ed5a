import { plural } from '../../core/units.ts'
import type { Glance } from '../glance.ts'
import { ask, perform, type Step } from './step.ts'

/** Leaves at once where nothing is lost by it; asks where something runs. From an earlier run it leads back to the one that is conducted. */
export function askToQuit(glance: Glance): Step {
  const { run, isAside } = glance
  if (isAside) return perform(glance, { effect: 'close-run' })
  const counts = run?.state.counts
  const underWay = counts === undefined || run?.is !== 'live' ? 0 : counts.running + counts.checking
  if (underWay === 0) return perform(glance, { effect: 'quit' })
  const what = underWay === 1 ? 'it is' : 'they are'
  return ask(glance, `${plural(underWay, 'task')} under way: ${what} interrupted, and the run can be resumed. Leave?`, { effect: 'quit' }, glance.keymap.keysOf('quit'))
}
