import { afterFailure, lockedFor, type Failures, type LockoutRule } from '../core/lockout.ts'
import { addressKey } from './address-key.ts'
import { boundedMap } from './bounded-map.ts'
import { fewAtOnce } from './few-at-once.ts'
import { isPassword, nobodysHash, type Cost } from './password.ts'
import type { User, Users } from './users.ts'

/** Why nobody is let in. A name that does not exist is answered as a wrong password is, and after the same time. */
export type LoginRefusal =
  | { ok: false; why: 'wrong name or password' }
  /** Too many were wrong, under this name or from this address. */
  | { ok: false; why: 'locked out'; retry_after_s: number }
  /** Too many try at this moment; no password was looked at. */
  | { ok: false; why: 'too many at once'; retry_after_s: number }

export type PasswordLogin = (name: string, password: string, address: string) => Promise<{ ok: true; user: User } | LoginRefusal>

/** Two computations leave half of the four threads that all files of this process are read with. */
const GATE = { at_once: 2, waiting: 16 }
const RULES = {
  name: { failures: 5, first_ms: 10_000, longest_ms: 15 * 60_000 },
  address: { failures: 20, first_ms: 10_000, longest_ms: 15 * 60_000 },
} satisfies Record<string, LockoutRule>
/** More than can be wrong within the longest lock-out, at the pace of the gate: who is locked out is not forgotten for others. */
const MOST_REMEMBERED = 20_000
/** Characters; of a longer name that nobody has, no more is remembered. */
const LONGEST_NAME = 64
const WRONG = { ok: false, why: 'wrong name or password' } as const

/**
 * Lets in who knows a password.
 * @param now milliseconds since 1970
 * @param cost what the passwords of the users cost to try
 */
export function passwordLogin(users: Pick<Users, 'find'>, now: () => number, cost: Cost): PasswordLogin {
  const few = fewAtOnce(GATE)
  const names = boundedMap<Failures>(MOST_REMEMBERED)
  const addresses = boundedMap<Failures>(MOST_REMEMBERED)
  const nobody = nobodysHash(cost)

  return async (name, password, address) => {
    const from = { name: name.normalize('NFC').slice(0, LONGEST_NAME), address: addressKey(address) }

    function locked(): LoginRefusal | undefined {
      const wait_ms = Math.max(lockedFor(names.get(from.name), RULES.name, now()), lockedFor(addresses.get(from.address), RULES.address, now()))
      return wait_ms === 0 ? undefined : { ok: false, why: 'locked out', retry_after_s: Math.ceil(wait_ms / 1000) }
    }

    async function tried(): ReturnType<PasswordLogin> {
      // Others may have failed while this one waited for its turn.
      const refusal = locked()
      if (refusal !== undefined) return refusal
      const user = await users.find(name.normalize('NFC'))
      const isRight = await isPassword(password, user?.password ?? nobody)
      if (user !== undefined && isRight) {
        // Not those of the address: whoever has one password could try others for ever.
        names.delete(from.name)
        return { ok: true, user }
      }
      names.set(from.name, afterFailure(names.get(from.name), RULES.name, now()))
      addresses.set(from.address, afterFailure(addresses.get(from.address), RULES.address, now()))
      return WRONG
    }

    const refusal = locked()
    if (refusal !== undefined) return refusal
    const done = await few(tried)
    return done === 'full' ? { ok: false, why: 'too many at once', retry_after_s: 1 } : done.result
  }
}
