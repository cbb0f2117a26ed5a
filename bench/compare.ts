import { moreIsBetter, type Figure } from './figure.ts'
import type { Report } from './report.ts'
import type { Spread } from './spread.ts'

/** How one figure changed. `times`: how many times as slow (or as large) as before; below 1 it is better now. */
export type Change = { row: string; what: string; against: string | undefined; times: number; verdict: 'worse' | 'better' | 'noise' }

/** Less than this is nothing that anybody would act on. */
const NOTHING = 0.05

/**
 * Holds the figures of two reports against each other, each by its ratio to the baseline of its own run: so a machine
 * that was busier, or is slower, is not taken for a program that got slower. A figure without a baseline is a count.
 * @returns those that both have
 */
export function compare(now: Report, before: Report): Change[] {
  const earlier = new Map(figuresOf(before).map((each) => [keyOf(each), each.figure]))
  return figuresOf(now).flatMap(({ row, figure }) => {
    const was = earlier.get(keyOf({ row, figure }))
    if (was === undefined) return []
    const [is, then] = [comparable(figure), comparable(was)]
    const times = moreIsBetter(figure.unit) ? then.middle / is.middle : is.middle / then.middle
    return [{ row, what: figure.what, against: figure.against?.name, times, verdict: verdictOn(is, then, times) }]
  })
}

/** A change is one that is large enough, and of which neither middle lies within what the other's rounds came to. */
function verdictOn(is: Spread, then: Spread, times: number): Change['verdict'] {
  const isApart = (middle: number, { low, high }: Spread) => middle < low || middle > high
  if (Math.abs(times - 1) <= NOTHING || !isApart(is.middle, then) || !isApart(then.middle, is)) return 'noise'
  return times > 1 ? 'worse' : 'better'
}

function comparable({ ours, against }: Figure): Spread {
  return against?.ratio ?? ours
}

type Placed = { row: string; figure: Figure }

function figuresOf({ rows }: Report): Placed[] {
  return rows.flatMap(({ name, lines }) => lines.flatMap((line) => (line.is === 'figure' ? [{ row: name, figure: line }] : [])))
}

function keyOf({ row, figure: { what, unit, against } }: Placed): string {
  return JSON.stringify([row, what, unit, against?.name])
}
