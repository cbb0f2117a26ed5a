import { BOX_SIGNS, DOWN, HEAVY, LEFT, RIGHT, UP } from '../../../src/core/drawing/box-signs.ts'

/**
 * Reads the lane view back: from each node downwards. A line goes down, or sideways below the lanes that it crosses, to a
 * corner that leads down or to an arrow head in front of a lane.
 * @returns `from → to` for every pair of nodes that a line leads from and to, sorted
 */
export function readLanes(lines: readonly string[]): string[] {
  const grid = lines.map((line) => Array.from(line))
  const edges = new Set<string>()
  const names = lines.map((line) => (line.includes('●') ? (/ ([^ ]+) *$/.exec(line)?.[1] ?? '') : ''))
  grid.forEach((signs, row) => {
    const x = signs.indexOf('●')
    if (x >= 0) for (const to of reached(grid, row + 1, x)) edges.add(`${names[row]} → ${names[to]}`)
  })
  return [...edges].sort()
}

/** The rows of the nodes that a line leads to that comes down into a cell. */
function reached(grid: readonly (readonly string[])[], row: number, x: number): number[] {
  const sign = grid[row]?.[x] ?? ' '
  if (sign === '●') return [row]
  const strokes = strokesOf(sign)
  if ((strokes & UP) === 0) return []
  const found: number[] = []
  if ((strokes & DOWN) > 0) found.push(...reached(grid, row + 1, x))
  if ((strokes & RIGHT) > 0) found.push(...sideways(grid, row, x, 1))
  if ((strokes & LEFT) > 0) found.push(...sideways(grid, row, x, -1))
  return found
}

function sideways(grid: readonly (readonly string[])[], row: number, from: number, by: 1 | -1): number[] {
  const found: number[] = []
  for (let x = from + by; ; x += by) {
    const sign = grid[row]?.[x] ?? ' '
    if (sign === '▶' || sign === '◀') return [...found, ...reached(grid, row + 1, x + by)]
    const strokes = strokesOf(sign)
    if (strokes === 0) throw new Error(`a line ends in nothing at ${row}, ${x}`)
    if (strokes === (UP | DOWN)) continue
    if ((strokes & DOWN) > 0) found.push(...reached(grid, row + 1, x))
    if ((strokes & UP) > 0) throw new Error(`a line seems to join another at ${row}, ${x}`)
    if ((strokes & (by > 0 ? RIGHT : LEFT)) === 0) return found
  }
}

function strokesOf(sign: string): number {
  const strokes = sign === ' ' ? 0 : BOX_SIGNS.indexOf(sign)
  if (strokes < 0) throw new Error(`"${sign}" is no line`)
  return strokes % HEAVY
}
