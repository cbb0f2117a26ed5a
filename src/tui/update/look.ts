import type { Action } from '../commands.ts'
import type { Glance } from '../glance.ts'
import { clamp } from '../layout.ts'
import { openPageOf } from '../pages/pages.ts'
import { instead, PANES, SORTS, topPage, type PaneName, type Sort, type Ui } from '../ui.ts'
import { endSearch } from './log.ts'
import { look, perform, refuse, type Step } from './step.ts'

/** To the pane after this one, or before; on a page to its next part. */
export function turn(glance: Glance, by: 1 | -1): Step {
  const { ui } = glance
  const page = topPage(ui)
  if (page !== undefined) {
    const turned = openPageOf(glance, page).turn(by)
    return look(glance, turned === undefined ? {} : { pages: instead(ui, turned) })
  }
  const shown = PANES.filter((pane) => !ui.hidden.has(pane))
  return look(glance, { focus: shown.at((shown.indexOf(ui.focus) + by) % shown.length) ?? ui.focus })
}

/** Shows a pane that is hidden, or hides it; one always stays. */
export function toggle(glance: Glance, name: string): Step {
  const { ui } = glance
  const pane = PANES.find((known) => known === name)
  if (pane === undefined) return refuse(glance, `there is no pane "${name}": ${PANES.join(', ')}`)
  const hidden = new Set(ui.hidden)
  if (!hidden.delete(pane)) hidden.add(pane)
  if (hidden.size === PANES.length) return refuse(glance, 'the last pane stays')
  return look(glance, { hidden, focus: hidden.has(ui.focus) ? firstShown(hidden) : ui.focus })
}

const firstShown = (hidden: ReadonlySet<PaneName>) => PANES.find((pane) => !hidden.has(pane)) ?? 'queue'

const SPLIT_STEP = 5

export function split(glance: Glance, by: 1 | -1): Step {
  return look(glance, { split: clamp(glance.ui.split + by * SPLIT_STEP, 20, 80) })
}

/** Sorts as it is told, or in the next way. */
export function sort(glance: Glance, { arg }: Action): Step {
  const { queue } = glance.ui
  const next = SORTS[(SORTS.indexOf(queue.sort) + 1) % SORTS.length] ?? 'need'
  const chosen: Sort | undefined = arg === undefined ? next : SORTS.find((known) => known === arg)
  if (chosen === undefined) return refuse(glance, `"${arg}" is no order: ${SORTS.join(', ')}`)
  return look(glance, { queue: { ...queue, sort: chosen, reversed: false } })
}

/** Takes away the last thing that stands in the way: a page, what is zoomed, a filter, a search, marks. */
export function back(glance: Glance): Step {
  const { ui } = glance
  const step = (change: Partial<Ui>) => look(glance, change)
  if (ui.pages.length > 0) return step({ pages: ui.pages.slice(0, -1) })
  if (ui.zoomed) return step({ zoomed: false })
  if (ui.log.search !== '') return endSearch(glance)
  if (ui.queue.filter !== '') return step({ queue: { ...ui.queue, filter: '' } })
  if (ui.marks.size > 0) return step({ marks: new Set() })
  return glance.isAside ? perform(glance, { effect: 'close-run' }) : step({})
}
