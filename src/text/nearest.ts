import { distance } from 'fastest-levenshtein'

/** Names are short; what is longer is no misspelt one. */
const MAX_LENGTH = 40

/**
 * The known name that somebody most likely meant; nothing when none is near: two slips in five letters, or the end
 * left out (`max_cost` for `max_cost_usd`).
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > MAX_LENGTH) return undefined
  const longer = known.filter((candidate) => candidate.startsWith(`${name}_`))
  if (longer.length === 1) return longer[0]
  let best: { candidate: string; slips: number } | undefined
  for (const candidate of known) {
    const slips = distance(name, candidate)
    if (slips < (best?.slips ?? Infinity)) best = { candidate, slips }
  }
  return best !== undefined && best.slips <= Math.max(1, Math.floor(name.length * 0.4)) ? best.candidate : undefined
}
