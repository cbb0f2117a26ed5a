import * as z from 'zod'

/*
 * Money is counted in micro-dollars: whole millionths of a US dollar.
 *
 *   reserved ──attempt.finished──▶ settled: to the real cost, or to the reservation where that is not known
 */

const microUsd = z.number().int().nonnegative()

/** Money set aside, worst case, before an attempt starts. */
export const Reservation = z.object({
  micro_usd: microUsd,
  /** The day that it counts for, in the time zone of the budget. */
  day: z.iso.date(),
})
export type Reservation = z.infer<typeof Reservation>

/** What an attempt has cost. */
export const Settlement = z.object({
  micro_usd: microUsd,
  /** Nobody could tell: it is what had been set aside, or rests on an assumed price. */
  estimated: z.boolean(),
})
export type Settlement = z.infer<typeof Settlement>

/** What a person has added to an attempt's settlement, or taken off it. */
export const Correction = z.object({ task: z.string(), attempt: z.number().int().positive(), micro_usd: z.number().int() })
export type Correction = z.infer<typeof Correction>
