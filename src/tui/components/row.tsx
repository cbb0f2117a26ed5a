import { Text } from 'ink'
import { useContext } from 'react'
import type { Line } from '../../core/views/line.ts'
import { cutTo } from '../lines/fit.ts'
import { PaintContext } from './canvas.tsx'

/** One line of a page. */
export function Row({ line }: { line: Line }) {
  const paint = useContext(PaintContext)
  return <Text wrap="truncate">{paint(line)}</Text>
}

/** Lines of a page, one below the other. Ink measures them as one text, so each is cut to the columns there are first. */
export function Rows({ lines, width }: { lines: readonly Line[]; width: number }) {
  const paint = useContext(PaintContext)
  return lines.length === 0 ? undefined : <Text wrap="truncate">{lines.map((line) => paint(cutTo(line, width)) || ' ').join('\n')}</Text>
}
