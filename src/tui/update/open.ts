import type { CommandName } from '../commands.ts'
import type { Glance } from '../glance.ts'
import { openPageOf } from '../pages/pages.ts'
import { topPage, type Page } from '../ui.ts'
import { openTask } from './open-task.ts'
import { look, refuse, type Step } from './step.ts'

/** Opens a page over what is shown; the same page is closed again. */
export function openPage(glance: Glance, name: Extract<CommandName, 'inbox' | 'cost' | 'runs' | 'help'>): Step {
  const { ui } = glance
  if (topPage(ui)?.page === name) return look(glance, { pages: ui.pages.slice(0, -1) })
  const page: Page = name === 'cost' ? { page: 'cost', by: 'tier', at: 0 } : { page: name, at: 0 }
  return look(glance, { pages: [...ui.pages.filter((open) => open.page !== name), page] })
}

/** Opens what is selected: a task, or what a page stands on. */
export function open(glance: Glance): Step {
  const { ui } = glance
  const page = topPage(ui)
  return page === undefined ? openTask(glance, ui.selected) : (openPageOf(glance, page).open() ?? refuse(glance, 'there is nothing to open here'))
}

/** Selects a task by its id. */
export function go(glance: Glance, task: string | undefined): Step {
  if (task === undefined) return refuse(glance, 'go to which task?')
  return glance.run?.state.tasks.has(task) === true ? look(glance, { selected: task, pages: [] }) : refuse(glance, `there is no task "${task}"`)
}
