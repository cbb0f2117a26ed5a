import { lettersOf } from '../lines/columns.ts'
import { columnsOfLetter } from '../lines/letter-columns.ts'
import { penAfter, type Pen } from './pen.ts'
import { sureColumns } from './sure-columns.ts'

/** One row of a screen, column by column. A character of two columns leaves the second one empty (`''`). */
export type Row = { texts: string[]; pens: Pen[] }

const ESC = 0x1b

/** Takes a ready-made line apart into exactly `width` columns: what is longer is cut, what is shorter is blank. */
export function rowOf(line: string, width: number): Row {
  const row: Row = { texts: [], pens: [] }
  let pen: Pen = ''
  let at = 0
  while (at < line.length && row.texts.length < width) {
    const code = line.charCodeAt(at)
    const columns = sureColumns(code)
    if (code === ESC) {
      const end = endOfSequence(line, at)
      pen = penAfter(pen, line.slice(at, end))
      at = end
    } else if (columns > 0 && !mayJoin(line.charCodeAt(at + 1))) {
      push(row, line.charAt(at), columns, pen, width)
      at += 1
    } else {
      // One sign may be made of several characters. It is slow to find out, and seldom needed.
      const end = endOfUnsure(line, at)
      for (const segment of lettersOf(line.slice(at, end))) push(row, segment, columnsOfLetter(segment), pen, width)
      at = end
    }
  }
  while (row.texts.length < width) push(row, ' ', 1, '', width)
  return row
}

/** Writes `over` onto `under`, from column `x` on. Of a character that loses a column, blanks are left. */
export function overlay(under: Row, over: Row, x: number): void {
  const end = Math.min(under.texts.length, x + over.texts.length)
  let first = x
  while (under.texts[first] === '') first -= 1
  under.texts.fill(' ', first, x)
  for (let at = end; under.texts[at] === ''; at += 1) under.texts[at] = ' '
  for (let at = x; at < end; at += 1) {
    under.texts[at] = over.texts[at - x] ?? ' '
    under.pens[at] = over.pens[at - x] ?? ''
  }
}

function push({ texts, pens }: Row, text: string, columns: number, pen: Pen, width: number): void {
  const fits = texts.length + columns <= width
  // Marks without a letter and control characters take no column, and are left out.
  for (let column = 0; column < columns && texts.length < width; column += 1) {
    texts.push(!fits ? ' ' : column === 0 ? text : '')
    pens.push(pen)
  }
}

/** Whether a character could be one with what stands before it. At the end of a line there is none (NaN). */
const mayJoin = (code: number) => code > 0x7f && sureColumns(code) === 0

/** ASCII and escape sequences never belong to what stands before them. */
function endOfUnsure(line: string, from: number): number {
  let at = from + 1
  while (at < line.length && line.charCodeAt(at) > 0x7f) at += 1
  return at
}

/** Lines come here sanitised; a sequence other than SGR that did come would only be left out. */
function endOfSequence(line: string, from: number): number {
  let at = from + 1
  if (line.charAt(at) !== '[') return at
  do at += 1
  while (at < line.length && line.charCodeAt(at) < 0x40)
  return at + 1
}
