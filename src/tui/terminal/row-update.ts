import { takeUp, type Pen } from './pen.ts'
import type { Row } from './row.ts'
import { sureColumns } from './sure-columns.ts'

/** So many columns that stay as they are cost less to write again than to jump over. */
const SHORT_GAP = 4

/**
 * What has to be written so that a row of the screen that shows `before` shows `after`; `before` is undefined when nobody
 * knows what stands there. It begins and ends with the terminal's own pen, and never makes the screen scroll.
 */
export function rowUpdate(y: number, before: Row | undefined, after: Row): string {
  const { texts, pens } = after
  const blankFrom = endOfContent(after)
  let output = ''
  let pen: Pen = ''
  /** Where the terminal will write next, as far as is sure. */
  let cursor: number | undefined
  let isAllUnknown = before === undefined

  for (let x = 0; x < texts.length; x += 1) {
    const text = texts[x] ?? ' '
    const was = before?.texts[x] ?? ''
    // The second column of a character comes with its first.
    if (text === '' || (!isAllUnknown && text === was && pens[x] === before?.pens[x])) continue
    output += cursor === x ? '' : (gapText(after, cursor, x, pen) ?? moveTo(y, x, cursor))
    if (x >= blankFrom) return `${output}${pen === '' ? '' : takeUp('')}\u001b[K`
    if (pens[x] !== pen) {
      pen = pens[x] ?? ''
      output += takeUp(pen)
    }
    if (isSure(text)) {
      output += text
      cursor = x + sureColumns(text.charCodeAt(0))
    } else {
      // Terminals differ in how far such a sign reaches: it gets empty columns, and what follows has its place.
      output += ' '.repeat(columnsAt(after, x)) + moveTo(y, x, x) + text
      cursor = undefined
    }
    if (!isSure(text) || !isSure(was)) isAllUnknown = true
  }
  return pen === '' ? output : output + takeUp('')
}

/** The column from which on the row is empty. */
function endOfContent({ texts, pens }: Row): number {
  let end = texts.length
  while (end > 0 && texts[end - 1] === ' ' && pens[end - 1] === '') end -= 1
  return end
}

/** What stands between the cursor and `x`, when that is the cheaper way there. */
function gapText({ texts, pens }: Row, cursor: number | undefined, x: number, pen: Pen): string | undefined {
  if (cursor === undefined || x - cursor > SHORT_GAP) return undefined
  const gap = texts.slice(cursor, x)
  const isPlain = gap.every((text, index) => text !== '' && isSure(text) && pens[cursor + index] === pen)
  return isPlain ? gap.join('') : undefined
}

const moveTo = (y: number, x: number, cursor: number | undefined) => (cursor === undefined ? `\u001b[${y + 1};${x + 1}H` : `\u001b[${x + 1}G`)

const isSure = (text: string) => text === '' || (text.length === 1 && sureColumns(text.charCodeAt(0)) > 0)

/** Columns that we take the sign at `x` to fill. */
function columnsAt({ texts }: Row, x: number): number {
  let end = x + 1
  while (texts[end] === '') end += 1
  return end - x
}
