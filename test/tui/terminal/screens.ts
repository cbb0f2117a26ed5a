import * as fc from 'fast-check'
import type { Region } from '../../../src/tui/terminal/canvas.ts'

/** A piece of a line, and how it should look. */
type Piece = { text: string; columns: number; sgr: string; look: string }

/** What stands in one column; nothing in the second one of a wide character. */
export type Column = { text: string; look: string }

/** A line as a pane makes it, and what should stand in each of its columns. */
export type MeantLine = { line: string; columns: Column[] }

/** What a screen is to show. */
export type Meant = { frame: MeantLine[]; regions: (Omit<Region, 'lines'> & { lines: MeantLine[] })[] }

/** All terminals agree about the columns of these. */
const TEXTS: readonly (readonly [text: string, columns: number])[] = [
  ['a', 1], ['b', 1], [' ', 1], ['     ', 5], ['word', 4], ['│', 1], ['──', 2], ['✔', 1], ['●', 1], ['⏸', 1], ['é', 1], ['…', 1], ['漢', 2], ['かな', 4], ['한', 2],
]
/** Emulators agree with us about these, but we do not count on every terminal to do so. */
const UNSURE: readonly (readonly [text: string, columns: number])[] = [['🚀', 2], ['e\u0301', 1], ['ก', 1], ['ｶ', 1]]

/** How a terminal looks after a sequence: colours and intensity as the emulator tells them. */
const PENS: readonly (readonly [sgr: string, look: string])[] = [
  ['', 'default default'],
  ['\u001b[31m', '1 default'],
  ['\u001b[1;32m', '2 default bold'],
  ['\u001b[38;5;208m', '208 default'],
  ['\u001b[38;2;1;2;3;44m', '#010203 4'],
  ['\u001b[7m', 'default default inverse'],
  ['\u001b[2m\u001b[4m', 'default default dim underline'],
]
const RESETS = ['\u001b[0m', '\u001b[m', '\u001b[39;49;22;24;27m']

const piece = fc.tuple(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...TEXTS) }, { weight: 1, arbitrary: fc.constantFrom(...UNSURE) }), fc.constantFrom(...PENS)).map(([[text, columns], [sgr, look]]): Piece => ({ text, columns, sgr, look }))

const BLANK: Column = { text: ' ', look: 'default default' }

/** A line of at most, or of exactly, so many columns. */
const meantLine = (width: number, isFull: boolean) =>
  fc.tuple(fc.array(piece, { maxLength: 14 }), fc.constantFrom(...RESETS)).map(([pieces, reset]): MeantLine => {
    let line = ''
    const columns: Column[] = []
    for (const { text, columns: taken, sgr, look } of pieces) {
      if (columns.length + taken > width) continue
      line += sgr === '' ? text : `${sgr}${text}${reset}`
      const signs = [...new Intl.Segmenter().segment(text)]
      for (const { segment } of signs) columns.push({ text: segment, look }, ...(taken === 2 * signs.length ? [{ text: '', look }] : []))
    }
    const missing = isFull ? width - columns.length : 0
    return { line: line + ' '.repeat(missing), columns: [...columns, ...Array.from({ length: missing }, () => BLANK)] }
  })

const region = (columns: number, rows: number) =>
  fc
    .record({ x: fc.nat(columns - 1), y: fc.nat(rows - 1), width: fc.integer({ min: 1, max: columns }), height: fc.integer({ min: 1, max: rows }) })
    .chain((rect) => fc.array(meantLine(rect.width, true), { minLength: rect.height, maxLength: rect.height }).map((lines) => ({ ...rect, lines })))

/** A frame that may be smaller or larger than the screen, with regions that may lie above each other and reach out of it. */
export const meantScreen = (columns: number, rows: number): fc.Arbitrary<Meant> =>
  fc.record({
    frame: fc.array(meantLine(columns + 6, false), { maxLength: rows + 2 }),
    regions: fc.array(region(columns, rows), { maxLength: 3 }),
  })

/** What should stand in each column of each row of a screen. */
export function columnsOf({ frame, regions }: Meant, columns: number, rows: number): Column[][] {
  return Array.from({ length: rows }, (_, y) => {
    const row = Array.from({ length: columns }, () => BLANK)
    lay(row, frame[y]?.columns ?? [], 0)
    for (const { x, y: top, height, lines } of regions) if (y >= top && y < top + height && x < columns) lay(row, lines[y - top]?.columns ?? [], x)
    return row
  })
}

/** Of a character that loses one of its two columns, a blank that looks the same is left. */
function lay(row: Column[], over: readonly Column[], x: number): void {
  const blank = (at: number) => (row[at] = { ...(row[at] ?? BLANK), text: ' ' })
  const end = Math.min(row.length, x + over.length)
  if (row[x]?.text === '') blank(x - 1)
  if (row[end]?.text === '') blank(end)
  row.splice(x, end - x, ...over.slice(0, end - x))
  if (over[end - x]?.text === '') blank(end - 1)
}
