import { plural } from '../../core/units.ts'
import type { Effect } from '../effects.ts'
import type { Glance } from '../glance.ts'
import type { Choice } from '../ui.ts'
import { perform, prompt, type Step } from './step.ts'

/**
 * Leaves at once where nothing is lost by it; asks what becomes of the run where something runs, or waits for an answer, which
 * another door may give only while somebody conducts. From an earlier run it leads back to the one that is conducted, and who
 * only looks at a run just goes.
 */
export function askToQuit(glance: Glance): Step {
  const { run, isAside, keymap, models } = glance
  if (isAside) return perform(glance, { effect: 'close-run' })
  if (run !== undefined && run.is !== 'live') return perform(glance, leave('leave'))
  const underWay = run === undefined ? 0 : run.state.counts.running + run.state.counts.checking + run.state.asking.size
  if (run === undefined) return perform(glance, leave('now'))
  const waiting = run.state.phase.phase === 'open' ? models.overviews.inbox().length : 0
  if (underWay === 0 && waiting === 0) return perform(glance, leave('now'))
  // Ctrl+C twice stops, as everywhere; a letter that repeats itself does not.
  const again = keymap.keysOf('quit').filter((key) => key.startsWith('ctrl+'))
  const now = (does: readonly Effect[]): Choice => ({ key: 's', also: again, says: 'stop now', brief: 'stop', does })
  const no = { key: 'esc', says: 'stay', brief: 'stay' }
  if (run.state.phase.phase === 'draining') {
    // Who drains it has left already, as far as the page's door knows: the run itself is told, by the same reason.
    const stop: Effect = { effect: 'send', intents: [{ type: 'stop', reason: 'quit' }], done: 'what runs is interrupted' }
    return prompt(glance, { ask: 'choose', question: `${plural(underWay, 'task')} still ${underWay === 1 ? 'runs' : 'run'}. wait no longer?`, choices: [now([stop, leave('now')])], no, about: [] })
  }
  const on: Choice = { key: 'b', says: 'leave running', brief: 'leave', does: [leave('leave')] }
  const end: Choice = { key: 'e', says: 'stop when they end', brief: 'end', does: [leave('drain')] }
  const stop = now([leave('now')])
  if (underWay === 0) return prompt(glance, { ask: 'choose', question: `leave? ${waiting} ${waiting === 1 ? 'waits' : 'wait'} for you`, choices: [on, stop], no, about: [] })
  return prompt(glance, { ask: 'choose', question: `leave? ${underWay} at work`, choices: [on, end, stop], no, about: [] })
}

const leave = (how: Extract<Effect, { effect: 'quit' }>['how']): Effect => ({ effect: 'quit', how })
