import type { Action } from '../commands.ts'
import type { Glance } from '../glance.ts'
import { openPageOf } from '../pages/pages.ts'
import { topPage } from '../ui.ts'

/** The tasks that a command is about: the one that is named, the one a page stands on, the marked ones that a filter does not hide, the selected one. */
export function subjectsOf(glance: Glance, { arg }: Pick<Action, 'arg'> = {}): readonly string[] {
  if (arg !== undefined) return [arg]
  const { ui } = glance
  const page = topPage(ui)
  if (page !== undefined) return [openPageOf(glance, page).task()].filter((task) => task !== undefined)
  const marked = [...ui.marks].filter((task) => glance.models.queue.shows(task))
  if (marked.length > 0) return marked
  return ui.selected === undefined ? [] : [ui.selected]
}
