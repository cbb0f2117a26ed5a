import * as z from 'zod'
import { Projects, Role, Who } from '../core/caller.ts'

/**
 * What lets somebody in until it ends: a token that was made by hand, or a login with all
 * its tokens. The record holds no token, so whoever reads it cannot come in by it.
 */
export const Grant = z.object({
  id: z.string().min(1),
  kind: z.enum(['token', 'login']),
  who: Who,
  role: Role,
  projects: Projects.optional(),
  issued_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  revoked_at: z.iso.datetime().nullable(),
  /** Of a login: the id of the one refresh token that is good now. */
  refresh: z.string().optional(),
})
export type Grant = z.infer<typeof Grant>

/** Whether it has not come to its end by time; one that was revoked has its time too. @param now milliseconds since 1970 */
export function isInTime({ expires_at }: Grant, now: number): boolean {
  return Date.parse(expires_at) > now
}

/** Whether it lets somebody in now. */
export function isGood(grant: Grant, now: number): boolean {
  return grant.revoked_at === null && isInTime(grant, now)
}
