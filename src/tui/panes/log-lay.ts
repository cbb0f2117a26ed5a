import type { LogLine } from '../../app/log-reader.ts'
import { sanitize } from '../../core/sanitize.ts'
import type { Line, Span } from '../../core/views/line.ts'
import { coloredLine } from '../lines/colored.ts'
import { fit } from '../lines/fit.ts'
import { markFound } from '../lines/found.ts'
import { wrap } from '../lines/wrap.ts'
import type { Lay } from './log-window.ts'
import { timeOfDay } from '../clock.ts'

export type Laying = {
  width: number
  wrap: boolean
  /** What is searched for. */
  pattern: RegExp | undefined
  /** The line that was gone to, by its first byte. */
  hit?: number | undefined
  margin?: Margin | undefined
}

/** What stands before each row of a line, in as many columns for each. */
export type Margin = { width: number; of: (line: LogLine, isFirstRow: boolean) => Line }

/** How the lines of a log are laid out in a room, at one moment. */
export function layIn({ width, wrap: wraps, pattern, hit, margin }: Laying): Lay {
  const room = Math.max(1, width - (margin?.width ?? 0))
  // To find its place, a window asks several times for the same lines.
  const laid = new Map<number, readonly Line[]>()

  function lay(line: LogLine): readonly Line[] {
    const plain = coloredLine(sanitize(line.text, { color: true }))
    const marked = pattern === undefined ? plain : markFound(plain, pattern)
    const whole = line.from === hit ? marked.map((span): Span => ({ ...span, selected: span.style !== 'found' })) : marked
    const rows = wraps ? wrap(whole, room) : [whole]
    return margin === undefined ? rows : rows.map((row, index) => [...fit(margin.of(line, index === 0), margin.width), ...row])
  }

  return (line) => {
    const rows = laid.get(line.from) ?? lay(line)
    laid.set(line.from, rows)
    return rows
  }
}

/** The time of day at which something came, where it is known: `14:02:11 `. */
export function timeMargin(at: number | undefined): Line {
  if (at === undefined) return []
  const seconds = String(new Date(at).getSeconds()).padStart(2, '0')
  return [{ text: `${timeOfDay(at)}:${seconds}`, style: 'dim' }]
}

/** Columns of a time and what parts it from the text. */
export const TIME_COLUMNS = 9
