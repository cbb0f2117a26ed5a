import type { Glance } from '../glance.ts'
import { look, refuse, type Step } from './step.ts'

/** Opens a task's page. */
export function openTask(glance: Glance, task: string | undefined): Step {
  if (task === undefined) return refuse(glance, 'there is no task yet')
  return look(glance, { selected: task, pages: [...glance.ui.pages, { page: 'task', task, tab: 'overview', at: 0 }] })
}
