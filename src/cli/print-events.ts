import type { Event } from '../core/events.ts'
import type { Settings } from '../core/settings.ts'
import { eventLine } from '../core/views/event-line.ts'
import { formatLine } from './narrate.ts'
import { out, styleOf } from './terminal.ts'

/** Prints events, one a line: as JSON for programs, as words for people. */
export function printEvents(events: readonly Event[], json: boolean): void {
  const print = eventPrinter(json)
  for (const event of events) print(event)
}

/** A printer that remembers the run's settings, which tell which providers only rehearse. */
export function eventPrinter(json: boolean): (event: Event) => void {
  const style = styleOf(process.stdout)
  let settings: Settings | undefined
  return (event) => {
    if (event.type === 'run.opened' || event.type === 'run.resumed') settings = event.settings
    if (json) process.stdout.write(`${JSON.stringify(event)}\n`)
    else out(`${String(event.seq).padStart(5)} ${formatLine(eventLine(event, settings), 0, style)}`)
  }
}

/** Whether an event is about a task. */
export function isAbout(event: Event, task: string): boolean {
  if (!('task' in event)) return false
  return typeof event.task === 'string' ? event.task === task : event.task.id === task
}
