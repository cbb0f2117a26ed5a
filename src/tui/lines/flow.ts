import type { Line } from '../../core/views/line.ts'
import { widthOf } from './fit.ts'

/** Pieces one behind the other, with two columns between them, in as many lines as they take; no piece is broken. */
export function flow(pieces: readonly Line[], width: number): Line[] {
  const lines: Line[] = []
  for (const piece of pieces) {
    const last = lines.at(-1)
    const isRoom = last !== undefined && widthOf(last) + 2 + widthOf(piece) <= width
    if (isRoom) lines[lines.length - 1] = [...last, { text: '  ' }, ...piece]
    else lines.push(piece)
  }
  return lines
}
