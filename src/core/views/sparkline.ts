const NOTHING = '▁'
const STEPS = '▂▃▄▅▆▇█'

/** A row of small bars, one sign for each value. What is nothing stands on the ground, and what is not stands above it. */
export function sparkline(values: readonly number[]): string {
  const most = Math.max(0, ...values)
  return values.map((value) => (value <= 0 ? NOTHING : (STEPS[Math.min(STEPS.length - 1, Math.floor((value / most) * STEPS.length))] ?? NOTHING))).join('')
}

/** Something that was paid at a time: ms since 1970, micro-dollars. */
export type Payment = { at: number; micro_usd: number }

/**
 * What was paid in each of so many equal parts of a time; what lies outside of it counts for its first or last part.
 * @param from ms since 1970, as is `to`
 */
export function spentInParts(payments: readonly Payment[], from: number, to: number, parts: number): number[] {
  const sums = Array.from({ length: parts }, () => 0)
  const span = Math.max(1, to - from)
  for (const { at, micro_usd } of payments) {
    const part = Math.max(0, Math.min(parts - 1, Math.floor(((at - from) / span) * parts)))
    sums[part] = (sums[part] ?? 0) + micro_usd
  }
  return sums
}
