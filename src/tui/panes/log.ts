import { sanitize } from '../../core/sanitize.ts'
import type { RunState } from '../../core/state.ts'
import type { Task } from '../../core/task-state.ts'
import { routeText } from '../../core/views/event-line.ts'
import type { Line, Span } from '../../core/views/line.ts'
import { waitsFor } from '../../core/views/waits-for.ts'
import type { Glance } from '../glance.ts'
import type { Size } from '../layout.ts'
import { cutTo, fit, textOf, widthOf } from '../lines/fit.ts'
import { promptLines } from '../lines/prompt-lines.ts'
import { marginLines } from '../lines/paragraph.ts'
import { askedLines } from './log-asked.ts'
import { combinedLines, toldTasks } from './log-combined.ts'
import { oneLog, type OneLog } from './log-one.ts'
import { partsOf, roomOf, type LogPart } from './log-parts.ts'
import type { Pane, PaneView } from './pane.ts'

/** What tasks say: of the selected one, of those that are pinned, or of all that run. */
export const logPane: Pane = (glance, room) => {
  if (glance.ui.log.combined) return allThatRuns(glance, room)
  const parts = partsOf(glance, room.height)
  const [first] = parts
  if (first === undefined) return { title: [{ text: 'log' }], lines: [] }
  if (parts.length === 1) {
    const view = partView(glance, first, room)
    return { ...view, title: cutTo([{ text: 'log · ' }, ...nameOf(glance, first)], beside(view.note, room.width)) }
  }
  const views = parts.map((part) => ({ part, ...partView(glance, part, { ...room, height: part.height - 1 }) }))
  const lines = views.flatMap(({ part, note, lines: own }) => [heading(glance, part, note, room.width), ...own, ...blank(part.height - 1 - own.length)])
  const wanted = new Set([...glance.ui.log.pinned, ...(glance.ui.selected === undefined ? [] : [glance.ui.selected])]).size
  return { title: [{ text: `log · ${parts.length}${wanted > parts.length ? ` of ${wanted}` : ''} tasks` }], lines }
}

/** The text that the pane shows, for the clipboard. */
export function shownText(glance: Glance): string {
  return logPane(glance, roomOf(glance)).lines.map((line) => textOf(line).trimEnd()).join('\n').trimEnd()
}

function allThatRuns(glance: Glance, room: Size): PaneView {
  const count = glance.models.log.running().length
  const told = toldTasks(glance).length
  const counted = told < count ? `${told} of ${count}` : count
  const title: Line = [{ text: `log · all that runs${count === 0 ? '' : ` (${counted})`}` }]
  const note: Line = glance.ui.log.at === 'end' ? [] : [{ text: 'earlier', style: 'dim' }]
  const lines = combinedLines(glance, room)
  return { title, note, lines: lines.length > 0 ? lines : [said(count === 0 ? 'nothing runs now' : 'nothing said yet')] }
}

/** What one log shows; a line that says why where there is nothing. */
function partView(glance: Glance, { task: id, attempt, isChosen }: LogPart, room: Size): { note: Line; lines: readonly Line[] } {
  const task = glance.run?.state.tasks.get(id)
  if (glance.run === undefined || task === undefined) return { note: [], lines: [] }
  if (attempt === undefined) return { note: [], lines: beforeItBegins(task, glance.run.state, room.width) }
  const runs = task.state.status === 'running' && task.state.attempt === attempt
  const asks = askedLines(task, room)
  const height = room.height - asks.length
  const one = oneLog(glance, id, attempt, isChosen, { ...room, height })
  if (one.log.text.end === 0) return { note: [], lines: [said(runs || asks.length > 0 ? 'nothing said yet' : 'it said nothing'), ...asks] }
  return { note: noteOf(glance, one, runs), lines: [...one.rows.map(({ look }) => look), ...asks] }
}

/** What it waits for, and what it is asked to do: that is what a person approves. */
function beforeItBegins(task: Task, state: RunState, width: number): Line[] {
  return [...marginLines(sanitize(waitsFor(task, state), { color: false }), width, 'dim'), [], ...promptLines(task.spec, width)]
}

/** `builder #1 of 2 · claude · sonnet` */
function nameOf({ run }: Glance, { task: id, attempt: number, isChosen }: LogPart): Line {
  const task = run?.state.tasks.get(id)
  const attempt = task?.attempts.find((one) => one.attempt === number)
  const name: Span = { text: id, ...(isChosen ? { style: 'strong' } : {}) }
  if (task === undefined || attempt === undefined) return [name]
  const of = task.attempts.length > 1 ? ` of ${task.attempts.length}` : ''
  const { provider, model } = attempt.route
  return [name, { text: ` #${attempt.attempt}${of} · ${routeText({ provider, model, tier: undefined }, run?.state.settings)}` }]
}

function heading(glance: Glance, part: LogPart, note: Line, width: number): Line {
  const rule: Span = { text: '─', style: part.isChosen ? 'focus' : 'frame' }
  const left: Line = [{ ...rule, text: '── ' }, ...cutTo(nameOf(glance, part), beside(note, width)), { text: ' ' }]
  const right: Line = note.length === 0 ? [] : [{ text: ' ' }, ...note, { text: ' ' }, rule]
  return fit([...left, { ...rule, text: '─'.repeat(Math.max(0, width - widthOf(left) - widthOf(right))) }, ...right], width)
}

/** Columns that a title may take where a note stands beside it: what is told there matters more than a long name. */
function beside(note: Line, width: number): number {
  return note.length === 0 ? width : Math.max(MIN_TITLE, width - widthOf(note) - AROUND_NOTE)
}

const MIN_TITLE = 16
/** Rules and spaces around a title and its note. */
const AROUND_NOTE = 9

/** What was found, and where the window stands: `3 of 17 · 42 %`. */
function noteOf({ ui: { log } }: Glance, { log: { text, timeOf }, rows, isAtEnd, search, hit }: OneLog, runs: boolean): Line {
  const count = search?.count() ?? 0
  const isDone = search?.isDone() ?? true
  const nothing = isDone ? 'nothing found' : 'searching…'
  const found = hit === undefined ? (count === 0 ? nothing : `${count} found`) : `${hit.nth} of ${count}`
  const where = isAtEnd ? (runs ? 'live' : '') : `${Math.floor((100 * (rows.at(-1)?.line.to ?? 0)) / text.end)} %`
  const times = log.times && timeOf(0) === undefined ? 'times are not known' : ''
  const parts: Span[] = [
    { text: search === undefined ? '' : `${found}${count > 0 && !isDone ? '…' : ''}`, style: count === 0 && isDone ? 'warn' : 'accent' },
    { text: times, style: 'dim' },
    { text: where, style: 'dim' },
  ]
  return parts.filter((part) => part.text !== '').flatMap((part, index): Span[] => (index === 0 ? [part] : [{ text: ' · ', style: 'dim' }, part]))
}

const said = (text: string): Line => [{ text, style: 'dim' }]
const blank = (rows: number): Line[] => Array.from({ length: Math.max(0, rows) }, () => [])
