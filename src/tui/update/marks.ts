import type { Glance } from '../glance.ts'
import { look, type Step } from './step.ts'

/** Marks the selected task, or takes its mark away, and goes on to the next. */
export function mark(glance: Glance): Step {
  const { selected, marks } = glance.ui
  if (selected === undefined) return look(glance, {})
  const changed = new Set(marks)
  if (!changed.delete(selected)) changed.add(selected)
  const ids = glance.models.queue.ids()
  return look(glance, { marks: changed, selected: ids[ids.indexOf(selected) + 1] ?? selected })
}

/** Marks all that the queue shows; takes all marks away where all of it is marked. */
export function markAll(glance: Glance): Step {
  const ids = glance.models.queue.ids()
  const isAll = ids.every((id) => glance.ui.marks.has(id))
  return look(glance, { marks: new Set(isAll ? [] : ids) })
}
