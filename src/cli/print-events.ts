import { taskOfEvent, type Event } from '../core/events.ts'
import type { Settings } from '../core/settings.ts'
import { eventLine } from '../core/views/event-line.ts'
import { formatLine } from './narrate.ts'
import { out, outJson, styleOf } from './terminal.ts'

/**
 * Prints events, one a line: as JSON for programs, as words for people. It has to see all of them, also
 * those that are not shown: the run's settings tell which providers only rehearse.
 */
export function eventPrinter(json: boolean, isShown: (event: Event) => boolean): (event: Event) => void {
  const style = styleOf(process.stdout)
  let settings: Settings | undefined
  return (event) => {
    if (event.type === 'run.opened' || event.type === 'run.resumed') settings = event.settings
    if (!isShown(event)) return
    if (json) outJson(event)
    else out(formatLine(eventLine(event, settings), 0, style, `${String(event.seq).padStart(5)} `))
  }
}

/** Whether an event is about a task. */
export function isAbout(event: Event, task: string): boolean {
  return taskOfEvent(event) === task
}
