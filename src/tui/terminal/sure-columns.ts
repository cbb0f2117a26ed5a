import { GLYPHS } from '../../core/views/glyphs.ts'

/** Letters, punctuation and signs that no terminal draws wider than a column; none of them joins what stands before it. */
const NARROW: readonly (readonly [from: number, to: number])[] = [
  [0x20, 0x7e],
  [0xa1, 0xac],
  [0xae, 0x2ff],
  [0x370, 0x482],
  [0x48a, 0x52f],
  [0x2010, 0x2027],
  [0x2190, 0x22ff],
  [0x2500, 0x25fa],
]

/** Kana, CJK, Hangul syllables, full-width forms. */
const WIDE: readonly (readonly [from: number, to: number])[] = [
  [0x3041, 0x3096],
  [0x30a1, 0x30fa],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
  [0xff01, 0xff60],
]

const COLUMNS = new Uint8Array(0x10000)
for (const [from, to] of NARROW) COLUMNS.fill(1, from, to + 1)
for (const [from, to] of WIDE) COLUMNS.fill(2, from, to + 1)
for (const { unicode } of Object.values(GLYPHS)) COLUMNS[unicode.charCodeAt(0)] = 1

/** How many columns a character takes, where all terminals agree about it; otherwise 0. */
export function sureColumns(code: number): number {
  return COLUMNS[code] ?? 0
}
