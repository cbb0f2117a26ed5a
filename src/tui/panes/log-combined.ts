import type { LogLine } from '../../app/log-reader.ts'
import type { Line } from '../../core/views/line.ts'
import type { Glance } from '../glance.ts'
import type { Size } from '../layout.ts'
import { columnsOf } from '../lines/columns.ts'
import { fit, shorten } from '../lines/fit.ts'
import { patternOf } from '../lines/found.ts'
import type { ShownLog } from '../models/log.ts'
import { layIn as layLines, TIME_COLUMNS, timeMargin } from './log-lay.ts'

/** Places in the combined log carry this name; no task's log does. */
export const COMBINED = '*'

/** A line of one of the logs, and when it came, or its last part so far. */
type ToldLine = { task: string; line: LogLine; at: number }
/** A moment, and how many of the lines that came before it, counted back from it, lie below the window. */
type Place = { line: number; row: number }

const NOW: Place = { line: Number.POSITIVE_INFINITY, row: 0 }

/** So many logs are read at once; nobody reads what more than that say. */
const MOST_TASKS = 64

/** The tasks whose logs are told: those that began last. */
export function toldTasks({ models }: Glance): readonly string[] {
  return models.log.running().slice(-MOST_TASKS)
}

/** The logs of all that runs in one: a line comes after those that came before it. */
export function combinedLines(glance: Glance, { width, height }: Size): Line[] {
  const lay = layIn(glance, width)
  const { line: moment, row } = placeOf(glance)
  const rows: Line[] = []
  let below = row
  for (const told of linesBack(glance, moment)) {
    if (below-- > 0) continue
    rows.unshift(...lay(told))
    if (rows.length >= height) break
  }
  return rows.slice(-height)
}

type LayTold = (told: ToldLine) => readonly Line[]

/** Each line with the name of its task in front of it. */
function layIn(glance: Glance, width: number): LayTold {
  const { ui } = glance
  const nameWidth = Math.min(Math.max(0, ...toldTasks(glance).map(columnsOf)), Math.max(6, Math.floor(width / 5)))
  const timeWidth = ui.log.times ? TIME_COLUMNS : 0
  const pattern = patternOf(ui.log.search)
  return ({ task, line, at }) => {
    const first: Line = [...fit(timeMargin(at === 0 ? undefined : at), timeWidth), ...fit([{ text: shorten(task, nameWidth), style: 'accent' }], nameWidth)]
    const of = (_: LogLine, isFirstRow: boolean): Line => [...(isFirstRow ? first : fit([], timeWidth + nameWidth)), { text: ' │', style: 'frame' }]
    return layLines({ width, wrap: ui.log.wrap, pattern, margin: { width: timeWidth + nameWidth + 3, of } })(line)
  }
}

function placeOf({ ui: { log } }: Glance): Place {
  return log.at !== 'end' && log.at.log === COMBINED && 'line' in log.at ? log.at : NOW
}

/** Where the window is after it was moved by so many lines: up, or down with a number below zero. */
export function movedCombined(glance: Glance, up: number, room: Size): Place | 'end' {
  const place = placeOf(glance)
  return up >= 0 ? earlier(glance, place, up, room) : later(glance, place, -up)
}

function earlier(glance: Glance, { line: moment, row }: Place, up: number, { width, height }: Size): Place | 'end' {
  const lines: ToldLine[] = []
  for (const line of linesBack(glance, moment)) {
    lines.push(line)
    if (lines.length === row + up + height) break
  }
  const below = Math.max(0, Math.min(row + up, lines.length - countFitting(lines.toReversed(), height, layIn(glance, width))))
  const newest = lines[below]
  if (newest === undefined || (below === 0 && moment === NOW.line)) return 'end'
  return { line: newest.at, row: lines.slice(0, below).filter(({ at }) => at === newest.at).length }
}

/** How many of the first lines a window takes whole; one where it takes none. */
function countFitting(lines: readonly ToldLine[], height: number, lay: LayTold): number {
  let rows = 0
  const beyond = lines.findIndex((line) => (rows += lay(line).length) > height)
  return beyond === -1 ? lines.length : Math.max(1, beyond)
}

function later(glance: Glance, { line: moment, row }: Place, down: number): Place | 'end' {
  if (moment === NOW.line) return 'end'
  if (row >= down) return { line: moment, row: row - down }
  const next = nextMoment(glance, moment)
  if (next === undefined) return 'end'
  let came = 0
  for (const { at } of linesBack(glance, next)) {
    if (at <= moment) break
    came++
  }
  return later(glance, { line: next, row: came }, down - row)
}

/** When the first thing was said after a moment. */
function nextMoment(glance: Glance, moment: number): number | undefined {
  const times = logsAt(glance, moment).flatMap(({ log: { text, timeOf } }) => timeOf(text.end) ?? [])
  const after = times.filter((at) => at > moment)
  return after.length === 0 ? undefined : Math.min(...after)
}

/** The lines that had come at a moment, the last one first. It costs what is taken. */
function* linesBack(glance: Glance, moment: number): Generator<ToldLine> {
  const last = logsAt(glance, moment).flatMap(({ task, log }) => lineAt(task, log, log.text.end - 1) ?? [])
  while (last.length > 0) {
    let newest = 0
    for (let index = 1; index < last.length; index++) if ((last[index]?.at ?? 0) >= (last[newest]?.at ?? 0)) newest = index
    const taken = last[newest]
    if (taken === undefined) return
    yield taken
    const before = lineAt(taken.task, taken.log, taken.line.from - 1)
    if (before === undefined) last.splice(newest, 1)
    else last[newest] = before
  }
}

function lineAt(task: string, log: ShownLog, byte: number): (ToldLine & { log: ShownLog }) | undefined {
  const line = log.text.lineAt(byte)
  return line === undefined ? undefined : { task, log, line, at: log.timeOf(line.to - 1) ?? 0 }
}

function logsAt(glance: Glance, moment: number): { task: string; log: ShownLog }[] {
  const { models, run } = glance
  return toldTasks(glance).flatMap((task) => {
    const attempt = run?.state.tasks.get(task)?.attempts.at(-1)?.attempt
    return attempt === undefined ? [] : [{ task, log: models.log.show(task, attempt, moment === NOW.line ? undefined : moment) }]
  })
}
