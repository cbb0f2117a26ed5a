import * as z from 'zod'

/** A number of tokens as somebody tells it. What no request can use is as good as not told: sums of it would be no numbers any more. */
export const tokenCount = z.number().int().nonnegative().max(1e10).optional().catch(undefined)
