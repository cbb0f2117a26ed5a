import type { ShownRun } from '../../app/screen.ts'
import { lastAttempt } from '../../core/task-state.ts'
import type { Glance } from '../glance.ts'
import type { Size } from '../layout.ts'
import { insideOf } from '../lines/frame.ts'

/** One of the logs that share the pane. */
export type LogPart = {
  task: string
  /** Absent where it never ran. */
  attempt: number | undefined
  /** Whether the keys are about this one: it is that of the selected task. */
  isChosen: boolean
  /** Rows that it has, its heading included where there are several. */
  height: number
}

/** A part of fewer rows says nothing. */
const LEAST_ROWS = 3

/** The logs in the pane, from top to bottom: those that are pinned, and that of the selected task. */
export function partsOf({ ui, run }: Glance, height: number): LogPart[] {
  if (run === undefined) return []
  const known = ui.log.pinned.filter((task) => run.state.tasks.has(task))
  const { selected } = ui
  const others = known.filter((task) => task !== selected)
  const most = Math.max(0, Math.floor(height / LEAST_ROWS) - 1)
  const kept = new Set(selected === undefined ? others : [...others.slice(0, most), selected])
  // A pinned task that is selected stays where it is.
  const tasks = [...known, ...(selected === undefined || known.includes(selected) ? [] : [selected])].filter((task) => kept.has(task))
  const each = Math.floor(height / Math.max(1, tasks.length))
  return tasks.map((task) => {
    const isChosen = task === selected || tasks.length === 1
    return { task, attempt: shownAttempt(run, task, ui.log.attempt), isChosen, height: isChosen ? height - each * (tasks.length - 1) : each }
  })
}

/** The attempt whose log is shown: the one that was asked for, or else the newest. */
function shownAttempt({ state }: ShownRun, id: string, asked: Glance['ui']['log']['attempt']): number | undefined {
  const task = state.tasks.get(id)
  const newest = task === undefined ? undefined : lastAttempt(task)?.attempt
  return asked?.task === id && newest !== undefined ? Math.min(asked.attempt, newest) : newest
}

/** The name of a log, for places in it. */
export function logName(task: string, attempt: number): string {
  return `${task}.${attempt}`
}

/** The room inside the pane; some room where it is not shown. */
export function roomOf({ layout }: Glance): Size {
  const place = layout.panes.find(({ pane }) => pane === 'log')
  return place === undefined ? { width: 80, height: 20 } : insideOf({ ...place.rect, border: place.border })
}
