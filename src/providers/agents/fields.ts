import * as z from 'zod'

export { tokenCount as tokens } from '../http/token-count.ts'

/*
 * Fields of what CLIs print. One of another shape, or a number that cannot be, is not there: the rest of its line
 * still says something.
 */
export const text = z.string().optional().catch(undefined)
/** US dollars. */
export const usd = z.number().nonnegative().max(1e6).optional().catch(undefined)
export const record = z.record(z.string(), z.unknown()).optional().catch(undefined)
