/** Numbers that look like chance and are the same for the same seed. */
export type Random = {
  /** From 0 to 1, without 1. */
  next: () => number
  /** A whole number from 0 to `below`, without it. */
  below: (below: number) => number
  /** One of some. Throws where there is none. */
  of: <T>(choices: readonly T[]) => T
}

/** @see mulberry32, public domain, Tommy Ettinger 2017 */
export function seededRandom(seed: number): Random {
  let state = seed | 0
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    below,
    of: (choices) => {
      const chosen = choices[below(choices.length)]
      if (chosen === undefined) throw new Error('there is nothing to choose from')
      return chosen
    },
  }
}
