import type { Action } from '../commands.ts'
import type { Glance } from '../glance.ts'
import { openPageOf } from '../pages/pages.ts'
import { shownText } from '../panes/log.ts'
import { topPage } from '../ui.ts'
import { perform, refuse, type Step } from './step.ts'
import { subjectsOf } from './subjects.ts'

/** Opens the file that the task came from. */
export function edit(glance: Glance, action: Action): Step {
  const [id] = subjectsOf(glance, action)
  const task = id === undefined ? undefined : glance.run?.state.tasks.get(id)
  if (task === undefined) return refuse(glance, id === undefined ? 'no task is selected' : `there is no task "${id}"`)
  const file = glance.run?.state.files.get(task.spec.file)
  return perform(glance, { effect: 'edit', file: file?.path ?? task.spec.file })
}

/** Copies what is selected: a task's id, what a page stands on, what the log shows. */
export function copy(glance: Glance): Step {
  const { ui, run } = glance
  const page = topPage(ui)
  if (page !== undefined) {
    const text = openPageOf(glance, page).copy()
    return text === undefined ? refuse(glance, 'there is nothing to copy here') : perform(glance, { effect: 'copy', ...text })
  }
  if (ui.focus === 'log') {
    const text = shownText(glance)
    return text === '' ? refuse(glance, 'the log is empty') : perform(glance, { effect: 'copy', text, what: 'the log that is shown' })
  }
  const { selected } = ui
  return selected === undefined || run === undefined ? refuse(glance, 'no task is selected') : perform(glance, { effect: 'copy', text: selected, what: `"${selected}"` })
}
