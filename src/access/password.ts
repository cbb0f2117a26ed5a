import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'
import * as z from 'zod'

/** What it costs to try a password: memory is 128 · N · r bytes, time grows with p. */
export type Cost = { N: number; r: number; p: number }

/** OWASP's recommendation that takes 32 MB, and a third of a second: the conductor has other things to keep in memory. */
export const COST: Cost = { N: 2 ** 15, r: 8, p: 3 }

const SHORTEST = 10
const LONGEST = 1000
const HASH_BYTES = 32
const SALT_BYTES = 16

/** What is kept of a password. Whoever writes a larger cost into the file does not make us run out of memory. */
export const PasswordHash = z.object({
  algorithm: z.literal('scrypt'),
  N: z.int().min(2).max(2 ** 17).refine((N) => Number.isInteger(Math.log2(N)), 'has to be a power of 2'),
  r: z.int().min(1).max(8),
  p: z.int().min(1).max(10),
  salt: z.base64url(),
  hash: z.base64url(),
})
export type PasswordHash = z.infer<typeof PasswordHash>

/** Why it will not do as a password; undefined where it will. */
export function whyNoPassword(password: string): string | undefined {
  const length = Array.from(password).length
  return length >= SHORTEST && length <= LONGEST ? undefined : `a password has ${SHORTEST} to ${LONGEST} characters, and this has ${length}`
}

export async function hashPassword(password: string, cost: Cost): Promise<PasswordHash> {
  const salt = randomBytes(SALT_BYTES)
  const hash = await derive(password, salt, cost)
  return { algorithm: 'scrypt', ...cost, salt: salt.toString('base64url'), hash: hash.toString('base64url') }
}

/** A hash that no password has, and that takes as long to find that out. */
export function nobodysHash(cost: Cost): PasswordHash {
  return { algorithm: 'scrypt', ...cost, salt: randomBytes(SALT_BYTES).toString('base64url'), hash: randomBytes(HASH_BYTES).toString('base64url') }
}

export async function isPassword(password: string, { salt, hash, ...cost }: PasswordHash): Promise<boolean> {
  // Nobody has a longer one, and so it takes no longer.
  const found = await derive(password.slice(0, 2 * LONGEST + 1), Buffer.from(salt, 'base64url'), cost)
  const known = Buffer.from(hash, 'base64url')
  return known.length === found.length && timingSafeEqual(known, found)
}

function derive(password: string, salt: Uint8Array, { N, r, p }: Cost): Promise<Buffer> {
  const options: ScryptOptions = { N, r, p, maxmem: 128 * r * (N + p + 2) }
  // The same letters may come composed or not, as the keyboard has it.
  return new Promise((resolve, reject) => scrypt(password.normalize('NFC'), salt, HASH_BYTES, options, (error, key) => (error === null ? resolve(key) : reject(error))))
}
