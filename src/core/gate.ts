import * as z from 'zod'
import { OnTimeout } from './gate-defaults.ts'

/*
 * A gate is a point where a task waits for a person:
 *
 *   approval   before it runs         approved: it runs           rejected: it is cancelled
 *   review     after it ran           approved: it is complete    rejected: it is incomplete      sent back: another attempt
 *   question   while it runs          replied: its attempt is told and goes on
 *   budget     where money is short   lifted by another day, other limits
 *   quota      where a provider has   approved: it is asked again        rejected: it is cancelled
 *              nothing left, and      lifted once it is asked again for whatever reason
 *              nobody knows till when
 *
 * A gate is named by the event that opened it, so it has the same name after a crash: `g42`. What was shown there has a
 * hash. An answer names both; the first one wins.
 */

/** What a person can decide on; a paused task is held as well, and asks nothing. */
export const GateKind = z.enum(['approval', 'review', 'question', 'budget', 'quota'])
export type GateKind = z.infer<typeof GateKind>

/** After how many seconds a gate is answered by itself, and how. */
export const GateTimeout = z.object({ after_s: z.number().positive(), does: OnTimeout.exclude(['hold']) })
export type GateTimeout = z.infer<typeof GateTimeout>

export const AnswerKind = z.enum(['approved', 'rejected', 'sent_back', 'replied'])
export type AnswerKind = z.infer<typeof AnswerKind>

/** How a gate came to its end. `lifted`: nobody answered, and there was nothing more to answer. */
export type GateEnd =
  | { how: 'answered'; answer: AnswerKind; by: string; door: string | undefined; at: string; comment: string | undefined }
  | { how: 'lifted'; at: string }

/** A gate that was opened, for as long as its run is remembered. */
export type GateRecord = { id: string; task: string; gate: GateKind; shown: string; end: GateEnd | undefined }

/** @param seq of the event that opened it */
export function gateId(seq: number): string {
  return `g${seq}`
}
