import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import { openAccess, type Access } from '../../src/app/access.ts'
import type { Role } from '../../src/core/caller.ts'
import { tempDir } from '../temp-dir.ts'

/** A password costs next to nothing to try, so that a test may try many. */
const CHEAP = { N: 2, r: 1, p: 1 }

/** A clock that stands until it is moved. */
export type HandTime = { now: () => number; move: (ms: number) => void }

/** Begins at the present: other processes, which have their own clock, may look at what a test has made. */
export function handTime(): HandTime {
  let now = Date.now()
  return { now: () => now, move: (ms) => void (now += ms) }
}

/** What says who may come in to a workspace of the test's own. */
export type Door = HandTime & {
  runs: string
  access: Access
  /** The same as another process has it: nothing is shared but the disk. */
  other: () => Access
  /** Makes a token. */
  token: (wanted?: { who?: string; role?: Role; projects?: string[]; ttl_ms?: number }) => Promise<{ token: string; id: string }>
  /** Signs whatever is wanted with the workspace's own secret. */
  sign: (claims: object, alg?: string) => Promise<string>
}

export async function door(): Promise<Door> {
  const runs = join(await tempDir(), 'runs')
  const time = handTime()
  const open = () => openAccess({ runs }, { now: time.now, cost: CHEAP })
  const access = open()
  return {
    ...time,
    runs,
    access,
    other: open,
    token: async (wanted = {}) => {
      const made = await access.issueToken({ who: 'ana', role: 'operator', ttl_ms: 3_600_000, ...wanted })
      if ('problem' in made) throw new Error(made.problem)
      return { token: made.token, id: made.grant.id }
    },
    sign: async (claims, alg = 'HS256') => new SignJWT({ ...claims }).setProtectedHeader({ alg }).sign(Buffer.from((await readFile(join(runs, 'access', 'secret'), 'utf8')).trim(), 'base64url')),
  }
}
