import type { Glance } from '../glance.ts'
import type { Size } from '../layout.ts'
import { patternOf } from '../lines/found.ts'
import type { LogSearch } from '../models/log-search.ts'
import type { ShownLog } from '../models/log.ts'
import type { LogHit, LogPlace } from '../ui.ts'
import { layIn, TIME_COLUMNS, timeMargin, type Margin } from './log-lay.ts'
import { logName } from './log-parts.ts'
import { lastRows, movedTop, rowsFrom, topOf, type Lay, type LogRow, type Top } from './log-window.ts'

/** What a window shows of one log, and what is needed to move it. */
export type OneLog = {
  log: ShownLog
  /** The name that places in it carry. */
  name: string
  lay: Lay
  height: number
  rows: readonly LogRow[]
  /** Whether it ends where the log ends. */
  isAtEnd: boolean
  search: LogSearch | undefined
  /** The line that was gone to because it holds what is searched for; the first of its lines is 1. */
  hit: { line: number; nth: number } | undefined
}

/** @param isChosen the places that a person went to are in this one */
export function oneLog({ ui, models }: Glance, task: string, attempt: number, isChosen: boolean, { width, height }: Size): OneLog {
  const log = models.log.show(task, attempt)
  const name = logName(task, attempt)
  const search = isChosen ? models.log.search(task, attempt, ui.log.search) : undefined
  const { at } = ui.log
  const place = isChosen && at !== 'end' && at.log === name ? at : undefined
  const found = place !== undefined && 'seek' in place ? search?.nearest(place.from, place.seek) : undefined
  const hit = typeof found === 'object' ? found : undefined
  const lay = layIn({ width, wrap: ui.log.wrap, pattern: patternOf(ui.log.search), hit: hit?.line, margin: ui.log.times ? marginOf(log) : undefined })
  const rows = rowsAt(log, topWanted(place, hit, { log, height, lay }), height, lay)
  const isAtEnd = place === undefined || sameTop(topOf(rows), topOf(lastRows(log.text, height, lay)))
  return { log, name, lay, height, rows, isAtEnd, search, hit }
}

function topWanted(place: LogPlace | LogHit | undefined, hit: OneLog['hit'], { log, height, lay }: Pick<OneLog, 'log' | 'height' | 'lay'>): Top | undefined {
  if (hit !== undefined) {
    const line = log.text.lineAt(hit.line)
    const row = line === undefined ? 0 : lay(line).findIndex((look) => look.some(({ style }) => style === 'found'))
    // It stands where it can be read with what led to it.
    return movedTop(log.text, { line: hit.line, row: Math.max(0, row) }, -Math.floor(height / 3), height, lay)
  }
  if (place === undefined || !('seek' in place)) return place
  return { line: place.seek === 'next' ? place.from + 1 : place.from, row: 0 }
}

function rowsAt({ text }: ShownLog, top: Top | undefined, height: number, lay: Lay): LogRow[] {
  return top === undefined ? lastRows(text, height, lay) : rowsFrom(text, top, height, lay)
}

export function sameTop(one: Top, other: Top): boolean {
  return one.line === other.line && one.row === other.row
}

/** When each line came; nothing where nobody has written it down. */
function marginOf({ timeOf }: ShownLog): Margin | undefined {
  return timeOf(0) === undefined ? undefined : { width: TIME_COLUMNS, of: ({ from }, isFirstRow) => (isFirstRow ? timeMargin(timeOf(from)) : []) }
}
