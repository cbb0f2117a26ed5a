import type { Line, Style } from '../../core/views/line.ts'
import { columnsOf } from './columns.ts'
import { fit } from './fit.ts'
import { paragraphLines } from './paragraph.ts'

/** A name and what it is, which goes on below itself: `type    fix`. A name that is too long has a line of its own. */
export function labelled(name: string, text: string, width: number, { label, style, named = 'dim' }: { label: number; style?: Style; named?: Style }): Line[] {
  const rows = paragraphLines(text, width - label, style)
  const indent = { text: ' '.repeat(label) }
  if (columnsOf(name) >= label) return [[{ text: name, style: named }], ...rows.map((row): Line => [indent, ...row])]
  return rows.map((row, index): Line => [...(index === 0 ? fit([{ text: name, style: named }], label) : [indent]), ...row])
}
