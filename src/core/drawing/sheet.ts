import { DOWN, ENDS_DOWNWARDS, ENDS_UPWARDS, HEAVY, LEFT, RIGHT, UP } from './box-signs.ts'

/** A drawing of lines: a cell holds the directions in which lines leave it, see `box-signs.ts`. */
export type Sheet = { width: number; height: number; cells: Uint8Array }

export function emptySheet(width: number, height: number): Sheet {
  return { width, height, cells: new Uint8Array(width * height) }
}

/** A horizontal line from the middle of one cell to the middle of another. */
export function drawAcross({ width, cells }: Sheet, row: number, from: number, to: number, heavy: boolean): void {
  const weight = heavy ? HEAVY + 1 : 1
  for (let x = from; x <= to; x++) {
    const directions = (x > from ? LEFT : 0) | (x < to ? RIGHT : 0)
    cells[row * width + x] = (cells[row * width + x] ?? 0) | (directions * weight)
  }
}

/**
 * A vertical line. Horizontal lines that it meets on the rows of `joins` it joins; the others end left and right of it, which
 * shows that it only crosses them. Draw horizontal lines first.
 */
export function drawDown({ width, cells }: Sheet, x: number, from: number, to: number, joins: ReadonlySet<number>): void {
  for (let row = from; row <= to; row++) {
    const crossed = joins.has(row) ? (cells[row * width + x] ?? 0) : 0
    cells[row * width + x] = crossed | (row > from ? UP : 0) | (row < to ? DOWN : 0)
  }
}

/** Makes a stretch of a vertical line heavy. */
export function stressDown({ width, cells }: Sheet, x: number, from: number, to: number): void {
  for (let row = from; row <= to; row++) {
    const directions = (row > from ? UP : 0) | (row < to ? DOWN : 0)
    cells[row * width + x] = (cells[row * width + x] ?? 0) | (directions * HEAVY)
  }
}

/** Puts an arrow head where a vertical line ends in a horizontal one that comes from further left. */
export function drawHead({ width, cells }: Sheet, x: number, row: number, going: 'up' | 'down'): void {
  const cell = cells[row * width + x] ?? 0
  if ((cell & LEFT) !== 0) cells[row * width + x] = cell | (going === 'up' ? ENDS_UPWARDS : ENDS_DOWNWARDS)
}
