import type { Action } from '../commands.ts'
import type { Glance } from '../glance.ts'
import { askToQuit } from './quit.ts'
import { copy, edit } from './hand-over.ts'
import { followAgain, nextShape, pan } from './graph.ts'
import { updateLog } from './log.ts'
import { back, sort, split, toggle, turn } from './look.ts'
import { mark, markAll } from './marks.ts'
import { move } from './move.ts'
import { go, open, openPage } from './open.ts'
import { look, perform, type Step } from './step.ts'
import { steer } from './steer.ts'

/** What a command comes to. It changes nothing itself, and asks for what is to be done. */
export function update(glance: Glance, action: Action): Step {
  const { ui } = glance
  switch (action.do) {
    case 'up':
    case 'down':
    case 'left':
    case 'right':
    case 'page-up':
    case 'page-down':
    case 'top':
    case 'bottom':
      return move(glance, action.do)
    case 'pan-left':
    case 'pan-right':
    case 'pan-up':
    case 'pan-down':
      return pan(glance, action.do)
    case 'next-pane':
      return turn(glance, 1)
    case 'previous-pane':
      return turn(glance, -1)
    case 'open':
      return open(glance)
    case 'back':
      return back(glance)
    case 'go':
      return go(glance, action.arg)

    case 'approve':
    case 'answer':
    case 'send-back':
    case 'reject':
    case 'skip':
    case 'skip-below':
    case 'pause':
    case 'pause-task':
    case 'retry':
    case 'retry-below':
    case 'cancel':
    case 'retry-providers':
      return steer(glance, { ...action, do: action.do })
    case 'edit':
      return edit(glance, action)
    case 'copy':
      return copy(glance)
    case 'mark':
      return mark(glance)
    case 'mark-all':
      return markAll(glance)

    case 'filter':
      if (action.arg !== undefined) return look(glance, { queue: { ...ui.queue, filter: action.arg } })
      return look(glance, { prompt: { ask: 'filter', text: ui.queue.filter, before: ui.queue.filter } })
    case 'sort':
      return sort(glance, action)
    case 'reverse':
      return look(glance, { queue: { ...ui.queue, reversed: !ui.queue.reversed } })
    case 'shape':
      return nextShape(glance)
    case 'follow':
      return followAgain(glance)
    case 'zoom':
      return look(glance, { zoomed: !ui.zoomed })
    case 'wider':
      return split(glance, 1)
    case 'narrower':
      return split(glance, -1)
    case 'toggle':
      return toggle(glance, action.arg ?? '')
    case 'toggle-graph':
      return toggle(glance, 'graph')
    case 'toggle-queue':
      return toggle(glance, 'queue')
    case 'toggle-log':
      return toggle(glance, 'log')

    case 'search':
    case 'next-match':
    case 'previous-match':
    case 'wrap':
    case 'times':
    case 'earlier-attempt':
    case 'later-attempt':
    case 'pin':
    case 'combined':
      return updateLog(glance, { ...action, do: action.do })

    case 'inbox':
    case 'cost':
    case 'runs':
    case 'help':
      return openPage(glance, action.do)

    case 'open-run':
      return action.arg === undefined ? openPage(glance, 'runs') : perform(glance, { effect: 'open-run', run: action.arg })

    case 'play':
    case 'play-faster':
    case 'play-slower':
    case 'play-back':
    case 'play-forth':
    case 'play-start':
    case 'play-end':
      return perform(glance, { effect: 'play', how: PLAY[action.do] })
    case 'leave-run':
      return perform(glance, { effect: 'close-run' })

    case 'command':
      return look(glance, { prompt: { ask: 'command', text: '', before: '' } })
    case 'redraw':
      return perform(glance, { effect: 'redraw' })
    case 'suspend':
      return perform(glance, { effect: 'suspend' })
    case 'quit':
      return askToQuit(glance)
  }
}

const PLAY = {
  play: 'toggle',
  'play-faster': 'faster',
  'play-slower': 'slower',
  'play-back': 'back',
  'play-forth': 'forth',
  'play-start': 'start',
  'play-end': 'end',
} as const
