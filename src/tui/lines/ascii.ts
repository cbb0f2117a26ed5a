import { GLYPHS } from '../../core/views/glyphs.ts'

/** What stands for each sign on a terminal that does not speak UTF-8: one for one, so that no column moves. */
const SIGNS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.values(GLYPHS).map(({ unicode, ascii }) => [unicode, ascii])),
  '…': '~',
  '·': '-',
  '—': '-',
  '–': '-',
  '≤': '<',
  '×': 'x',
  '▶': '>',
  '◀': '<',
  '▲': '^',
  '▼': 'v',
  '→': '>',
  '←': '<',
  '↑': '^',
  '↓': 'v',
  '▌': '>',
  '‖': '=',
  '◆': '*',
  '█': '#',
  '▓': '#',
  '▒': '+',
  '░': '-',
  '▁': '_',
  '▂': '.',
  '▃': ':',
  '▄': '-',
  '▅': '=',
  '▆': '+',
  '▇': '*',
  '─': '-',
  '━': '=',
  '│': '|',
  '┃': '|',
  '┆': ':',
}

const BOX_DRAWING = /[\u2500-\u257f]/

/** A text in ASCII signs, as many as there were characters. */
export function asciiOf(text: string): string {
  return text.replaceAll(/[^\u0020-\u007e]/gu, (sign) => SIGNS[sign] ?? (BOX_DRAWING.test(sign) ? '+' : '?'))
}
