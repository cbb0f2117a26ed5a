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
  // Ctrl+C twice leaves, as everywhere; a letter that repeats itself does not.
  const again = glance.keymap.keysOf('quit').filter((key) => key.startsWith('ctrl+'))
  return ask(glance, `leave? ${plural(underWay, 'task')} ${underWay === 1 ? 'is' : 'are'} interrupted; the run can be resumed`, { effect: 'quit' }, again)
}
