import { randomBytes, type KeyObject } from 'node:crypto'
import type { Caller, Role } from '../core/caller.ts'
import type { Grants } from './grants.ts'
import type { Grant } from './grant.ts'
import { readToken, signToken, type TokenFault } from './token.ts'

/** Who a token is for, what it allows, and for how long (milliseconds). */
type WantedToken = { who: string; role: Role; projects?: readonly string[] | undefined; ttl_ms: number }

type Verified = { ok: true; caller: Caller } | { ok: false; why: 'missing' | TokenFault | 'revoked' }

type Revoked = { result: 'revoked' | 'revoked before'; grant: Grant } | { result: 'unknown' } | { result: 'ambiguous'; ids: string[] }

/** Tokens that are made by hand, and what every token is held against. */
export type Tokens = {
  issue: (wanted: WantedToken) => Promise<{ token: string; grant: Grant }>
  /** @param text the token alone; one for refreshing lets nobody in */
  verify: (text: string | undefined) => Promise<Verified>
  /** @param reference the id of a token or login, or the beginning of one */
  revoke: (reference: string) => Promise<Revoked>
  /** Revokes all that one name came in by. @returns how many there were */
  revokeOf: (who: string) => Promise<number>
}

/** Letters and digits only: an id that began with a dash would be an option on the command line. */
export const newId = () => randomBytes(8).toString('hex')

/** Seconds since 1970, as tokens count. */
export const seconds = (ms: number) => Math.floor(ms / 1000)

/** @param now milliseconds since 1970 */
export function openTokens(grants: Grants, secret: () => Promise<KeyObject>, now: () => number): Tokens {
  return {
    issue: async ({ who, role, projects, ttl_ms }) => {
      const id = newId()
      const limits = { role, ...(projects === undefined ? {} : { projects: [...projects] }) }
      const iat = seconds(now())
      const exp = iat + Math.ceil(ttl_ms / 1000)
      const token = await signToken({ sub: who, ...limits, kind: 'access', jti: id, iat, exp }, await secret())
      const grant: Grant = { id, kind: 'token', who, ...limits, issued_at: time(iat), expires_at: time(exp), revoked_at: null }
      await grants.change((all) => ({ grants: [...all, grant], result: undefined }))
      return { token, grant }
    },

    verify: async (text) => {
      if (text === undefined || text === '') return { ok: false, why: 'missing' }
      const claims = await readToken(text, await secret(), now())
      if (typeof claims === 'string') return { ok: false, why: claims }
      if (claims.kind !== 'access') return { ok: false, why: 'malformed' }
      const grant = await grants.find(claims.grant ?? claims.jti)
      // Where the list was lost nobody can tell any more what was revoked, so what is not in it holds no longer.
      if (grant === undefined || grant.revoked_at !== null) return { ok: false, why: 'revoked' }
      const { sub: who, role, projects } = claims
      return { ok: true, caller: { who, role, ...(projects === undefined ? {} : { projects }), grant: grant.id } }
    },

    revoke: (reference) =>
      grants.change<Revoked>((all) => {
        const begin = all.filter(({ id }) => reference !== '' && id.startsWith(reference))
        const meant = begin.filter(({ id }) => id === reference || begin.length === 1)
        const [grant] = meant
        if (grant === undefined) return { grants: undefined, result: begin.length === 0 ? { result: 'unknown' } : { result: 'ambiguous', ids: begin.map(({ id }) => id) } }
        if (grant.revoked_at !== null) return { grants: undefined, result: { result: 'revoked before', grant } }
        const revoked = { ...grant, revoked_at: new Date(now()).toISOString() }
        return { grants: all.map((other) => (other === grant ? revoked : other)), result: { result: 'revoked', grant: revoked } }
      }),

    revokeOf: (who) =>
      grants.change((all) => {
        const isMeant = (grant: Grant) => grant.who === who && grant.revoked_at === null
        const revoked_at = new Date(now()).toISOString()
        return { grants: all.map((grant) => (isMeant(grant) ? { ...grant, revoked_at } : grant)), result: all.filter(isMeant).length }
      }),
  }
}

const time = (at_s: number) => new Date(at_s * 1000).toISOString()
