/** Directions in which a line leaves a cell; `HEAVY` times a direction: there it is drawn heavy. */
export const UP = 1
export const DOWN = 2
export const LEFT = 4
export const RIGHT = 8
export const HEAVY = 16

/** The signs for each set of directions: all light, then by which of them are heavy, counted in the order of the set. */
const SIGNS: Readonly<Record<number, string>> = {
  [UP]: '╵╹',
  [DOWN]: '╷╻',
  [LEFT]: '╴╸',
  [RIGHT]: '╶╺',
  [UP | DOWN]: '│╿╽┃',
  [LEFT | RIGHT]: '─╾╼━',
  [DOWN | RIGHT]: '╭┎┍┏',
  [DOWN | LEFT]: '╮┒┑┓',
  [UP | RIGHT]: '╰┖┕┗',
  [UP | LEFT]: '╯┚┙┛',
  [UP | DOWN | RIGHT]: '├┞┟┠┝┡┢┣',
  [UP | DOWN | LEFT]: '┤┦┧┨┥┩┪┫',
  [DOWN | LEFT | RIGHT]: '┬┰┭┱┮┲┯┳',
  [UP | LEFT | RIGHT]: '┴┸┵┹┶┺┷┻',
  [UP | DOWN | LEFT | RIGHT]: '┼╀╁╂┽╃╅╉┾╄╆╊┿╇╈╋',
}

/** With one of these a line ends here with an arrow head; a cell that it ends in has no line in its direction. */
export const ENDS_DOWNWARDS = HEAVY * DOWN
export const ENDS_UPWARDS = HEAVY * UP
export const ENDS_LEFTWARDS = HEAVY * LEFT
export const ENDS_RIGHTWARDS = HEAVY * RIGHT

const HEADS = [[UP, '▲'], [DOWN, '▼'], [LEFT, '◀'], [RIGHT, '▶']] as const

/** The box character of every cell, at `directions + HEAVY * heavy directions`; a space where no line is. */
export const BOX_SIGNS: readonly string[] = Array.from({ length: 256 }, (_, cell) => {
  const directions = cell % HEAVY
  for (const [direction, head] of HEADS) if ((directions & direction) === 0 && (cell & (HEAVY * direction)) !== 0) return head
  let index = 0
  let bit = 1
  for (const direction of [UP, DOWN, LEFT, RIGHT]) {
    if ((directions & direction) === 0) continue
    if ((cell & (HEAVY * direction)) !== 0) index += bit
    bit *= 2
  }
  return SIGNS[directions]?.[index] ?? ' '
})

/** Whether a line through a cell is heavy. */
export function isHeavy(cell: number): boolean {
  return (cell & Math.floor(cell / HEAVY) & (HEAVY - 1)) !== 0
}
