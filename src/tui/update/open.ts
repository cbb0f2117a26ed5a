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
  return look(glance, { pages: [...ui.pages.filter((open) => open.page !== name), pageOf(glance, name)] })
}

/** The inbox begins at what one is looking at, if that waits. */
function pageOf({ ui, models }: Glance, name: Extract<CommandName, 'inbox' | 'cost' | 'runs' | 'help'>): Page {
  switch (name) {
    case 'cost':
      return { page: 'cost', by: 'tier', at: 0 }
    case 'inbox':
      return { page: 'inbox', at: Math.max(0, models.overviews.inbox().findIndex(({ task }) => task === ui.selected)) }
    case 'runs':
    case 'help':
      return { page: name, at: 0 }
  }
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
