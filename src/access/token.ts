import type { KeyObject } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import * as z from 'zod'
import { Projects, Role, Who } from '../core/caller.ts'

/** What a token says. `grant`: of a token that belongs to a login, the login's id. */
const Claims = z.object({
  sub: Who,
  role: Role,
  projects: Projects.optional(),
  kind: z.enum(['access', 'refresh']),
  grant: z.string().optional(),
  jti: z.string().min(1),
  iat: z.number(),
  exp: z.number(),
})
export type Claims = z.infer<typeof Claims>

/** What is wrong with a token, as far as the token itself can tell. */
export type TokenFault = 'malformed' | 'bad signature' | 'expired'

const ALGORITHM = 'HS256'
/** Seconds that two clocks may differ. */
const TOLERANCE_S = 5
/** Characters; ours are shorter, and what is longer is not worth reading. */
const LONGEST = 8192

export async function signToken(claims: Claims, secret: KeyObject): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' }).sign(secret)
}

/** @param now milliseconds since 1970 */
export async function readToken(text: string, secret: KeyObject, now: number): Promise<Claims | TokenFault> {
  if (text.length > LONGEST) return 'malformed'
  try {
    const { payload } = await jwtVerify(text, secret, { algorithms: [ALGORITHM], clockTolerance: TOLERANCE_S, currentDate: new Date(now), requiredClaims: ['exp'] })
    return Claims.safeParse(payload).data ?? 'malformed'
  } catch (error) {
    return faultOf(error)
  }
}

function faultOf(error: unknown): TokenFault {
  if (error instanceof errors.JWTExpired) return 'expired'
  // Signed in another way than we sign, or not at all: by nobody who has the secret.
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JOSEAlgNotAllowed) return 'bad signature'
  if (error instanceof errors.JOSEError) return 'malformed'
  throw error
}
