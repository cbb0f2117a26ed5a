import type { Line, Span } from '../../core/views/line.ts'
import { asciiOf } from './ascii.ts'
import { clustersOf, isPlain } from './columns.ts'
import type { Theme } from '../theme.ts'

/** Turns a line into what a terminal takes, with nothing left on at its end. */
export type Paint = (line: Line) => string

/** @param unicode whether the terminal shows more than ASCII */
export function painter(theme: Theme, unicode: boolean): Paint {
  return (line) => {
    let painted = ''
    for (const span of line) {
      const sgr = sgrOf(span, theme)
      const text = unicode ? span.text : ascii(span.text)
      painted += sgr === '' ? text : `\u001b[${sgr}m${text}\u001b[0m`
    }
    return painted
  }
}

function sgrOf({ style, sgr, selected }: Span, { styles, selected: reversed, colors }: Theme): string {
  const own = (colors ? sgr : undefined) ?? (style === undefined ? '' : styles[style])
  if (selected !== true) return own
  return own === '' ? reversed : `${own};${reversed}`
}

function ascii(text: string): string {
  if (isPlain(text)) return asciiOf(text)
  let out = ''
  for (const { text: sign, columns } of clustersOf(text)) out += asciiOf(sign).slice(0, 1).padEnd(columns, '?')
  return out
}
