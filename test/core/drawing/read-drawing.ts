import { BOX_SIGNS, DOWN, HEAVY, LEFT, RIGHT, UP } from '../../../src/core/drawing/box-signs.ts'
import type { Layout } from '../../../src/core/drawing/layout.ts'
import { drawWindow } from '../../../src/core/drawing/window.ts'

/** The whole drawing as a person sees it: a sign for each node's status, and its id. */
export function drawn(layout: Layout): string[] {
  const window = { x: 0, y: 0, width: layout.sheet.width, height: layout.sheet.height }
  return drawWindow(layout, window, (id) => ({ sign: [{ text: '●' }], text: [{ text: id }] })).map((line) => line.map(({ text }) => text).join(''))
}

/**
 * Reads a drawing back: from each node along the lines, as a reader follows them. Lines go to the right or along a vertical
 * one; where a horizontal line meets nothing but `│` it only crosses; an arrow head is a way in, not a way out.
 * @param only `heavy`: as if nothing else were drawn
 * @returns `from → to` for every pair of nodes that a line leads from and to, sorted
 */
export function readEdges(lines: readonly string[], only: 'all' | 'heavy' = 'all'): string[] {
  const grid = lines.map((line) => Array.from(line))
  const edges = new Set<string>()
  lines.forEach((line, row) => {
    for (const { index, 0: label } of line.matchAll(/● \S+/g)) {
      const from = label.slice(2)
      follow(grid, row, index + label.length + 1, only, (to) => edges.add(`${from} → ${to}`))
    }
  })
  return [...edges].sort()
}

type Way = { row: number; x: number; going: number }

function follow(grid: readonly (readonly string[])[], row: number, x: number, only: 'all' | 'heavy', arrived: (id: string) => void): void {
  const first = strokesAt(grid, row, x, only)
  if (first === 0) return
  const ways: Way[] = [{ row, x, going: RIGHT }]
  const seen = new Set<string>()
  for (const way of ways) {
    const key = `${way.row} ${way.x} ${way.going}`
    if (seen.has(key)) continue
    seen.add(key)
    if (grid[way.row]?.[way.x] === ' ') {
      const id = /^ ● (\S+)/.exec((grid[way.row] ?? []).slice(way.x).join(''))?.[1]
      if (id === undefined || way.going !== RIGHT) throw new Error(`a line ends in nothing at ${way.row}, ${way.x}`)
      arrived(id)
      continue
    }
    const sign = grid[way.row]?.[way.x] ?? ' '
    if (sign === '▲' || sign === '▼') {
      if (way.going === (sign === '▲' ? DOWN : UP)) throw new Error(`an arrow points against its line at ${way.row}, ${way.x}`)
      ways.push({ row: way.row, x: way.x + 1, going: RIGHT })
      continue
    }
    ways.push(...onwards(strokesAt(grid, way.row, way.x, only), strokesAt(grid, way.row, way.x, 'all'), way))
  }
}

function onwards(strokes: number, all: number, { row, x, going }: Way): Way[] {
  const up = { row: row - 1, x, going: UP }
  const down = { row: row + 1, x, going: DOWN }
  const right = { row, x: x + 1, going: RIGHT }
  if (going === RIGHT) {
    if ((all & (LEFT | RIGHT)) === 0) return [right]
    if ((strokes & LEFT) === 0) throw new Error(`a line breaks off at ${row}, ${x}`)
    return [(strokes & UP) > 0 ? [up] : [], (strokes & DOWN) > 0 ? [down] : [], (strokes & RIGHT) > 0 ? [right] : []].flat()
  }
  if ((strokes & (going === UP ? DOWN : UP)) === 0) throw new Error(`a line breaks off at ${row}, ${x}`)
  return [(strokes & going) > 0 ? [going === UP ? up : down] : [], (strokes & RIGHT) > 0 ? [right] : []].flat()
}

function strokesAt(grid: readonly (readonly string[])[], row: number, x: number, only: 'all' | 'heavy'): number {
  const sign = grid[row]?.[x] ?? ' '
  const strokes = sign === ' ' ? 0 : BOX_SIGNS.indexOf(sign)
  if (strokes < 0) throw new Error(`"${sign}" is no line`)
  return only === 'all' ? strokes % HEAVY : Math.floor(strokes / HEAVY)
}
