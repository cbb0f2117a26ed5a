import type { KeyObject } from 'node:crypto'
import type { Caller } from '../core/caller.ts'
import { isGood, type Grant } from './grant.ts'
import type { Grants } from './grants.ts'
import { readToken, signToken, type TokenFault } from './token.ts'
import { newId, seconds } from './tokens.ts'
import type { User, Users } from './users.ts'

/** What somebody who has logged in goes on with. Times are ISO 8601, UTC. */
export type LoginTokens = {
  caller: Caller
  access: { token: string; expires_at: string }
  /** Good for one time: it is exchanged for another pair. */
  refresh: { token: string; expires_at: string }
}

/** `used before`: somebody else has it too, so the whole login is at its end. */
export type Refreshed = { ok: true; tokens: LoginTokens } | { ok: false; why: 'missing' | TokenFault | 'revoked' | 'used before' }

export type Logins = {
  /** Begins one for a user whose password was right; undefined where there is no such user any more. */
  open: (name: string) => Promise<LoginTokens | undefined>
  /** Role and projects are those that the user has now. */
  refresh: (text: string | undefined) => Promise<Refreshed>
}

const ACCESS_MS = 15 * 60_000
const REFRESH_MS = 12 * 60 * 60_000
/** Logins of one user; the one that was opened first makes way. */
const MOST_LOGINS = 20

/** @param now milliseconds since 1970 */
export function openLogins(grants: Grants, users: Pick<Users, 'find'>, secret: () => Promise<KeyObject>, now: () => number): Logins {
  const isLoginOf = (name: string) => (grant: Grant) => grant.kind === 'login' && grant.who === name

  return {
    open: async (name) => {
      // Before the folder is held: where there is no secret yet, whoever makes it holds the folder too.
      const key = await secret()
      return grants.change(async (all) => {
        // Nobody can be removed while the folder is held.
        const user = await users.find(name)
        if (user === undefined) return { grants: undefined, result: undefined }
        const grant = renewed({ id: newId(), issued_at: new Date(now()).toISOString() }, user, now())
        const earlier = all.filter(isLoginOf(name))
        const dropped = new Set(earlier.slice(0, Math.max(0, earlier.length + 1 - MOST_LOGINS)))
        return { grants: [...all.filter((other) => !dropped.has(other)), grant], result: await tokensOf(grant, key, now()) }
      })
    },

    refresh: async (text) => {
      if (text === undefined || text === '') return { ok: false, why: 'missing' }
      const key = await secret()
      const claims = await readToken(text, key, now())
      if (typeof claims === 'string') return { ok: false, why: claims }
      const { kind, grant: id, jti } = claims
      if (kind !== 'refresh' || id === undefined) return { ok: false, why: 'malformed' }
      // What is of no use any more does not have to wait for the list.
      const before = await grants.find(id)
      if (before === undefined || !isGood(before, now())) return { ok: false, why: 'revoked' }

      return grants.change<Refreshed>(async (all) => {
        const grant = all.find((other) => other.id === id)
        if (grant === undefined || !isGood(grant, now())) return { grants: undefined, result: { ok: false, why: 'revoked' } }
        const put = (next: Grant) => all.map((other) => (other === grant ? next : other))
        const user = await users.find(grant.who)
        if (user === undefined || grant.refresh !== jti) {
          const revoked = { ...grant, revoked_at: new Date(now()).toISOString() }
          return { grants: put(revoked), result: { ok: false, why: user === undefined ? 'revoked' : 'used before' } }
        }
        const next = renewed(grant, user, now())
        return { grants: put(next), result: { ok: true, tokens: await tokensOf(next, key, now()) } }
      })
    },
  }
}

/** The login with another refresh token, which is the only good one. */
function renewed({ id, issued_at }: Pick<Grant, 'id' | 'issued_at'>, { name, role, projects }: User, now: number): Grant {
  const limits = { role, ...(projects === undefined ? {} : { projects }) }
  return { id, kind: 'login', who: name, ...limits, issued_at, expires_at: new Date(now + REFRESH_MS).toISOString(), revoked_at: null, refresh: newId() }
}

async function tokensOf({ id, who, role, projects, refresh = '' }: Grant, secret: KeyObject, now: number): Promise<LoginTokens> {
  const limits = { role, ...(projects === undefined ? {} : { projects }) }
  const make = async (kind: 'access' | 'refresh', jti: string, ttl_ms: number) => {
    const exp = seconds(now + ttl_ms)
    const token = await signToken({ sub: who, ...limits, kind, grant: id, jti, iat: seconds(now), exp }, secret)
    return { token, expires_at: new Date(exp * 1000).toISOString() }
  }
  return { caller: { who, ...limits, grant: id }, access: await make('access', newId(), ACCESS_MS), refresh: await make('refresh', refresh, REFRESH_MS) }
}
