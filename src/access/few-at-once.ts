/** Does it when its turn comes; `full`: too many wait already, and it is not done. */
export type FewAtOnce = <Result>(work: () => Promise<Result>) => Promise<{ result: Result } | 'full'>

/** @param most how many are done at once, and how many may wait for that */
export function fewAtOnce(most: { at_once: number; waiting: number }): FewAtOnce {
  const waiting: (() => void)[] = []
  let busy = 0

  return async (work) => {
    if (busy < most.at_once) busy += 1
    else if (waiting.length >= most.waiting) return 'full'
    // Whoever leaves hands over its place, so nobody who comes in between takes it.
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return { result: await work() }
    } finally {
      const next = waiting.shift()
      if (next === undefined) busy -= 1
      else next()
    }
  }
}
