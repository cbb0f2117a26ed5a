import * as z from 'zod'

/** What becomes of a gate when nobody answers: with `hold` it waits for ever. */
export const OnTimeout = z.enum(['hold', 'approve', 'reject', 'skip'])
export type OnTimeout = z.infer<typeof OnTimeout>

/** What a question comes to in a run that nobody attends. */
export const OnQuestion = z.enum(['hold', 'default', 'fail'])
export type OnQuestion = z.infer<typeof OnQuestion>
