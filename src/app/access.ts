import { accessFolder } from '../access/folder.ts'
import type { Grant } from '../access/grant.ts'
import { openGrants } from '../access/grants.ts'
import { passwordLogin, type LoginRefusal } from '../access/password-login.ts'
import { COST, hashPassword, whyNoPassword, type Cost } from '../access/password.ts'
import { workspaceSecret } from '../access/secret.ts'
import { openLogins, type Refreshed, type LoginTokens } from '../access/logins.ts'
import { openTokens, type Tokens } from '../access/tokens.ts'
import { openUsers, type User } from '../access/users.ts'
import { Projects, Who, type Role } from '../core/caller.ts'
import type { Workspace } from './workspace.ts'

/** Limits how often a caller or an address does something. */
export { rateLimit } from '../access/rate-limit.ts'
/** Under what an address is counted. */
export { addressKey } from '../access/address-key.ts'

export type { Grant }

type LoginResult = { ok: true; tokens: LoginTokens } | LoginRefusal

/** A user without what could be guessed at. */
export type UserEntry = { name: string; role: Role; projects?: readonly string[] | undefined; created_at: string }

type NewUser = { name: string; role: Role; projects?: readonly string[] | undefined; password: string }

/** Who may come in over the network. Nothing is made on disk before the first token is. */
export type Access = {
  /** Makes a token, or says what is wrong with what was wanted. */
  issueToken: (...wanted: Parameters<Tokens['issue']>) => Promise<Awaited<ReturnType<Tokens['issue']>> | { problem: string }>
  verifyToken: Tokens['verify']
  revokeToken: Tokens['revoke']
  /** Tokens made by hand and logins, the newest last; those that have come to their end are not among them. */
  tokens: () => Promise<Grant[]>
  /** @param address where it comes from, as the socket has it */
  login: (name: string, password: string, address: string) => Promise<LoginResult>
  refresh: (token: string | undefined) => Promise<Refreshed>
  users: () => Promise<UserEntry[]>
  /** Why there can be no user of this name; undefined where there can. */
  whyNoUser: (name: string) => Promise<string | undefined>
  addUser: (user: NewUser) => Promise<{ user: UserEntry } | { problem: string }>
  /** Removes a user, and revokes all that came in under the name. @returns how many that were; undefined where there is no such user */
  removeUser: (name: string) => Promise<number | undefined>
}

const DAY_MS = 24 * 60 * 60_000
const LONGEST_DAYS = 3650

/**
 * Opens what says who may come in. One for each process is enough.
 * @param parts milliseconds since 1970, and what it costs to try a password
 */
export function openAccess({ runs }: Pick<Workspace, 'runs'>, { now = Date.now, cost = COST }: { now?: () => number; cost?: Cost } = {}): Access {
  const folder = accessFolder(runs)
  const grants = openGrants(folder, now)
  const users = openUsers(folder)
  const secret = workspaceSecret(folder)
  const tokens = openTokens(grants, secret, now)
  const logins = openLogins(grants, users, secret, now)
  const passwords = passwordLogin(users, now, cost)

  async function whyNoUser(name: string): Promise<string | undefined> {
    const taken = async () => ((await users.find(name.normalize('NFC'))) === undefined ? undefined : `there is a user "${name}" already: remove it first, to add it with other rights or another password`)
    return whyNoName(name) ?? taken()
  }

  return {
    issueToken: async (wanted) => {
      const problem = whyNoName(wanted.who) ?? whyNoProjects(wanted.projects) ?? whyNoTime(wanted.ttl_ms)
      return problem === undefined ? tokens.issue(wanted) : { problem }
    },
    verifyToken: tokens.verify,
    revokeToken: tokens.revoke,
    tokens: grants.all,
    login: async (name, password, address) => {
      const done = await passwords(name, password, address)
      if (!done.ok) return done
      const begun = await logins.open(done.user.name)
      // Removed in this very moment.
      return begun === undefined ? { ok: false, why: 'wrong name or password' } : { ok: true, tokens: begun }
    },
    refresh: logins.refresh,
    users: async () => (await users.all()).map(entryOf),
    whyNoUser,
    addUser: async ({ name: given, role, projects, password }) => {
      const name = given.normalize('NFC')
      const problem = (await whyNoUser(name)) ?? whyNoProjects(projects) ?? whyNoPassword(password)
      if (problem !== undefined) return { problem }
      const limits = { role, ...(projects === undefined ? {} : { projects: [...projects] }) }
      const user: User = { name, ...limits, created_at: new Date(now()).toISOString(), password: await hashPassword(password, cost) }
      return (await users.add(user)) ? { user: entryOf(user) } : { problem: (await whyNoUser(name)) ?? `"${name}" was added and removed in this moment by somebody else; try again` }
    },
    removeUser: async (given) => {
      const name = given.normalize('NFC')
      return (await users.remove(name)) ? tokens.revokeOf(name) : undefined
    },
  }
}

function entryOf({ name, role, projects, created_at }: User): UserEntry {
  return { name, role, ...(projects === undefined ? {} : { projects }), created_at }
}

function whyNoName(name: string): string | undefined {
  return Who.safeParse(name).success ? undefined : 'a name has 1 to 64 characters, none of them a control character, and no blank at either end'
}

function whyNoProjects(projects: readonly string[] | undefined): string | undefined {
  return projects === undefined || Projects.safeParse(projects).success ? undefined : 'a project has a name of 1 to 200 characters, and somebody is limited to at most 100 of them'
}

function whyNoTime(ttl_ms: number): string | undefined {
  return ttl_ms > 0 && ttl_ms <= LONGEST_DAYS * DAY_MS ? undefined : `a token holds for more than no time, and for at most ${LONGEST_DAYS} days`
}
