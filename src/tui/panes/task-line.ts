import { GLYPHS } from '../../core/views/glyphs.ts'
import type { Line, Span, Style } from '../../core/views/line.ts'
import type { QueueRow } from '../../core/views/rows.ts'
import { columnsOf } from '../lines/columns.ts'
import { fit, shorten } from '../lines/fit.ts'
import type { QueueColumn } from './queue-columns.ts'

export type TaskLineOptions = { columns: readonly QueueColumn[]; selected: boolean; marked: boolean; /** What is said instead of `why`, where a key can change it. */ advice: string | undefined }

type Cell = { text: string; style?: Style }

/** A row of the queue as a line of its columns. A reason that is longer than its column goes on where nothing else stands. */
export function taskLine(row: QueueRow, options: TaskLineOptions): Line {
  const line: Span[] = []
  let taken = 0
  options.columns.forEach((column, index) => {
    if (taken > 0) {
      taken--
      return
    }
    const cell = cellOf(row, column, options)
    let { width } = column
    while (column.cell === 'why' && columnsOf(cell.text) > width && givesWay(row, options.columns[index + taken + 1])) {
      taken++
      width += 1 + (options.columns[index + taken]?.width ?? 0)
    }
    if (line.length > 0) line.push({ text: ' ' })
    line.push(...aligned(cell, width, column.align))
  })
  // One bar from edge to edge: reversed, each colour would be a piece of its own.
  return options.selected ? line.map(({ text }) => ({ text, selected: true })) : line
}

/** Whether a column has nothing to say in this row: where a task that has not begun would run matters less than what it waits for. */
function givesWay({ tier, time, cost }: QueueRow, column: QueueColumn | undefined): boolean {
  switch (column?.cell) {
    case 'tier':
      return time === '' || tier === ''
    case 'route':
    case 'time':
      return time === ''
    case 'cost':
      return time === '' && cost === ''
    case undefined:
    case 'mark':
    case 'sign':
    case 'id':
    case 'title':
    case 'why':
      return false
  }
}

function aligned({ text, ...style }: Cell, width: number, align: 'left' | 'right'): Line {
  return fit([{ ...style, text: align === 'right' ? `${' '.repeat(Math.max(0, width - columnsOf(text)))}${text}` : text }], width)
}

function cellOf(row: QueueRow, { cell, width }: QueueColumn, { marked, advice }: TaskLineOptions): Cell {
  switch (cell) {
    case 'mark':
      return { text: marked ? '◆' : ' ', style: 'accent' }
    case 'sign':
      return { text: GLYPHS[row.status].unicode, style: row.status }
    case 'id':
      return { text: shorten(row.id, width), ...idStyle(row.status) }
    case 'title':
      return { text: row.title === row.id ? '' : row.title, style: 'dim' }
    case 'why':
      // What is over and well steps back; its sign tells it.
      return { text: advice ?? whyText(row), style: row.status === 'complete' ? 'dim' : row.status }
    case 'tier':
      return { text: row.tier, style: 'dim' }
    case 'route':
      return { text: shorten(row.route, width), style: 'dim' }
    case 'time':
    case 'cost':
      return { text: row[cell] }
  }
}

/** What is under way or asks for somebody stands out, and what needs nobody any more steps back. */
function idStyle(status: QueueRow['status']): { style?: Style } {
  switch (status) {
    case 'held':
    case 'running':
    case 'checking':
    case 'failed':
    case 'incomplete':
      return { style: 'strong' }
    case 'complete':
    case 'skipped':
    case 'cancelled':
      return { style: 'dim' }
    case 'waiting':
    case 'ready':
    case 'blocked':
      return {}
  }
}

/** The status in a word, or what there is to say about it; where that leaves the status open, both. */
function whyText({ status, why }: QueueRow): string {
  switch (status) {
    case 'waiting':
    case 'ready':
    case 'held':
    case 'complete':
      return why === '' ? status : why
    case 'running':
    case 'checking':
      if (why === '') return status
      if (!why.startsWith('attempt ')) return why
      return status === 'running' ? `${why} runs` : `${why}: ${status}`
    case 'blocked':
      return `${status} ${why}`
    case 'incomplete':
    case 'failed':
    case 'skipped':
    case 'cancelled':
      if (why === '') return status
      return why.startsWith(status) ? why : `${status}: ${why}`
  }
}
