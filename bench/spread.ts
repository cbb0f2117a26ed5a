/** Several measurements of one thing: the middle one, and between which bounds the middle half of them lies. */
export type Spread = { middle: number; low: number; high: number }

export function spreadOf(numbers: readonly number[]): Spread {
  return { middle: quantile(numbers, 0.5), low: quantile(numbers, 0.25), high: quantile(numbers, 0.75) }
}

/** The middle of several measurements: one meets whatever else the machine is doing. */
export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5)
}

/** Round by round: what was slow around both of a round is slow in both. */
export function ratiosOf(ours: readonly number[], theirs: readonly number[]): number[] {
  if (ours.length !== theirs.length) throw new Error(`bug: ${ours.length} rounds beside ${theirs.length}`)
  return ours.map((each, round) => each / (theirs[round] ?? Number.NaN))
}

/** @param share 0.5 is the middle; between two numbers it is the straight line */
function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const below = sorted[Math.floor(at)] ?? Number.NaN
  const above = sorted[Math.ceil(at)] ?? Number.NaN
  return below + (above - below) * (at - Math.floor(at))
}
