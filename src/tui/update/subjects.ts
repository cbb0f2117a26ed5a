import type { Action } from '../commands.ts'
import type { Glance } from '../glance.ts'
import { openPageOf } from '../pages/pages.ts'
import { topPage } from '../ui.ts'

/** The tasks that a command is about: the one that is named, the one a page stands on, the marked ones, the selected one. */
export function subjectsOf(glance: Glance, { arg }: Action): readonly string[] {
  if (arg !== undefined) return [arg]
  const { ui } = glance
  const page = topPage(ui)
  if (page !== undefined) return [openPageOf(glance, page).task()].filter((task) => task !== undefined)
  if (ui.marks.size > 0) return [...ui.marks]
  return ui.selected === undefined ? [] : [ui.selected]
}
