import type { Movement } from '../commands.ts'
import type { Glance } from '../glance.ts'
import { clamp } from '../layout.ts'
import { openPageOf } from '../pages/pages.ts'
import { instead, topPage, type Page } from '../ui.ts'
import { moveInGraph } from './graph.ts'
import { moveInLog } from './log.ts'
import { turn } from './look.ts'
import { look, type Step } from './step.ts'

/** Moves in what has the keys. */
export function move(glance: Glance, movement: Movement): Step {
  const page = topPage(glance.ui)
  if (page !== undefined) return moveOnPage(glance, page, movement)
  switch (glance.ui.focus) {
    case 'graph':
      return moveInGraph(glance, movement)
    case 'queue':
      return moveInQueue(glance, movement)
    case 'log':
      return moveInLog(glance, movement)
  }
}

function moveInQueue(glance: Glance, movement: Movement): Step {
  const ids = glance.models.queue.ids()
  const { selected } = glance.ui
  const at = selected === undefined ? 0 : Math.max(0, ids.indexOf(selected))
  const id = ids[moved(at, movement, ids.length, pageRows(glance, 'queue'))]
  return look(glance, id === undefined ? {} : { selected: id })
}

function moveOnPage(glance: Glance, page: Page, movement: Movement): Step {
  if (movement === 'left' || movement === 'right') return turn(glance, movement === 'left' ? -1 : 1)
  const rows = openPageOf(glance, page).rows()
  const at = moved(clamp(page.at, 0, Math.max(0, rows - 1)), movement, rows, glance.layout.body.height - 2)
  return look(glance, { pages: instead(glance.ui, { ...page, at }) })
}

/** Rows of a pane's inside, for a page up or down. */
function pageRows({ layout }: Glance, name: 'graph' | 'queue' | 'log'): number {
  const place = layout.panes.find(({ pane }) => pane === name)
  return Math.max(1, (place?.rect.height ?? 3) - 2)
}

/** Where a movement leads among `count` rows. */
function moved(at: number, movement: Movement, count: number, page: number): number {
  const most = Math.max(0, count - 1)
  switch (movement) {
    case 'up':
      return clamp(at - 1, 0, most)
    case 'down':
      return clamp(at + 1, 0, most)
    case 'page-up':
      return clamp(at - page, 0, most)
    case 'page-down':
      return clamp(at + page, 0, most)
    case 'top':
      return 0
    case 'bottom':
      return most
    case 'left':
    case 'right':
      return clamp(at, 0, most)
  }
}
