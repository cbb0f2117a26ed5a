import type { Line, Style } from '../../core/views/line.ts'
import { wrap } from './wrap.ts'

/** A text of several lines, wrapped into rows of at most `width` columns. It is sanitised already. */
export function paragraphLines(text: string, width: number, style?: Style): Line[] {
  return text.split('\n').flatMap((line) => wrap([style === undefined ? { text: line } : { text: line, style }], Math.max(1, width)))
}

/** The same with a column left free before them. */
export function marginLines(text: string, width: number, style?: Style): Line[] {
  return paragraphLines(text, width - 1, style).map((line): Line => [{ text: ' ' }, ...line])
}
