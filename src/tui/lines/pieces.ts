import type { Line, Span } from '../../core/views/line.ts'
import { widthOf } from './fit.ts'

/** Something that stands on a line whole, or not at all. */
export type Piece = {
  /** How it may be said, the longest first. */
  ways: readonly Line[]
  /** What has more of it stays longer. */
  keep: number
  /** Columns before it; 3 where nothing is said. */
  gap?: number
}

const GAP = 3

/** As many pieces as have room, in their order: the least important is said shorter and shorter, and then not at all. */
export function pieceLine(pieces: readonly Piece[], width: number): Line {
  const chosen = pieces.map((piece) => ({ piece, way: 0 }))
  const byWorth = [...chosen].sort((a, b) => a.piece.keep - b.piece.keep)
  for (const each of byWorth) {
    while (each.way < each.piece.ways.length && widthOf(joined(chosen)) > width) each.way++
  }
  // A long piece that had to go may leave room for a shorter one that went before it.
  for (const each of byWorth.toReversed()) {
    const { way } = each
    for (each.way = 0; each.way < way && widthOf(joined(chosen)) > width; ) each.way++
  }
  return joined(chosen)
}

/** Whether all pieces have room, each said at its longest. */
export function isWhole(pieces: readonly Piece[], width: number): boolean {
  return widthOf(joined(pieces.map((piece) => ({ piece, way: 0 })))) <= width
}

function joined(chosen: readonly { piece: Piece; way: number }[]): Line {
  const line: Span[] = []
  for (const { piece, way } of chosen) {
    const said = piece.ways[way]
    if (said === undefined) continue
    if (line.length > 0) line.push({ text: ' '.repeat(piece.gap ?? GAP) })
    line.push(...said)
  }
  return line
}
