import * as z from 'zod'
import { ratiosOf, spreadOf } from './spread.ts'

const Spread = z.object({ middle: z.number(), low: z.number(), high: z.number() })

/** What a figure has to keep: a bound of itself (`ours`), or of its ratio to the baseline. */
const Target = z.object({ of: z.enum(['ours', 'ratio']), at: z.enum(['most', 'least']), value: z.number() })
export type Target = z.infer<typeof Target>

/** `µs`, `µs CPU` and `fsyncs` are for one task. MB are 2^20 bytes. */
const Unit = z.enum(['tasks/s', 's', 's CPU', 'ms', 'µs', 'µs CPU', 'fsyncs', 'MB'])
export type Unit = z.infer<typeof Unit>

/** One measured figure, beside the baseline of the same run. */
export const Figure = z.object({
  is: z.literal('figure'),
  what: z.string(),
  unit: Unit,
  ours: Spread,
  /** Absent where the figure is a count, which no machine changes. `ratio`: ours by theirs, round by round. */
  against: z.object({ name: z.string(), theirs: Spread, ratio: Spread }).optional(),
  rounds: z.number().int().positive(),
  targets: z.array(Target),
})
export type Figure = z.infer<typeof Figure>

/** What could not be measured here, and why; or what has to be known with the figures. */
export const Remark = z.object({ is: z.literal('remark'), text: z.string() })
type Remark = z.infer<typeof Remark>

export type Line = Figure | Remark

type Measured = {
  what: string
  unit: Unit
  /** One number a round. */
  ours: readonly number[]
  against?: { name: string; theirs: readonly number[] }
  targets?: readonly Target[]
}

export function figure({ what, unit, ours, against, targets = [] }: Measured): Figure {
  const beside = against === undefined ? {} : { against: { name: against.name, theirs: spreadOf(against.theirs), ratio: spreadOf(ratiosOf(ours, against.theirs)) } }
  return { is: 'figure', what, unit, ours: spreadOf(ours), ...beside, rounds: ours.length, targets: [...targets] }
}

export function remark(text: string): Remark {
  return { is: 'remark', text }
}

export const atMost = (of: Target['of'], value: number): Target => ({ of, at: 'most', value })
export const atLeast = (of: Target['of'], value: number): Target => ({ of, at: 'least', value })

/** Whether more of it is better. */
export function moreIsBetter(unit: Unit): boolean {
  return unit === 'tasks/s'
}

/** Whether a figure keeps all its targets; undefined where it has none. A ratio that could not be measured keeps none. */
export function isMet({ ours, against, targets }: Figure): boolean | undefined {
  if (targets.length === 0) return undefined
  return targets.every(({ of, at, value }) => {
    const found = of === 'ours' ? ours.middle : (against?.ratio.middle ?? Number.NaN)
    return at === 'most' ? found <= value : found >= value
  })
}
