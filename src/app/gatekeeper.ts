import type { Gatekeeper, TurnedAway } from './control-door.ts'
import { addressKey, openAccess, rateLimit, type Access } from './access.ts'
import type { Workspace } from './workspace.ts'

/** What comes in by a secret that bots share; nobody types faster, and whoever guesses would have to. */
const WEBHOOKS = { burst: 30, per_minute: 60 }

/** The gatekeeper of a workspace: its tokens, users and limits. */
export function gatekeeperOf(workspace: Workspace, access: Access = openAccess(workspace)): Gatekeeper {
  const { requests_per_minute } = workspace.config.remote
  const limits = {
    request: rateLimit({ burst: requests_per_minute, per_minute: requests_per_minute }),
    webhook: rateLimit(WEBHOOKS),
  }
  return {
    authenticate: async ({ authorization }) => {
      const verified = await access.verifyToken(/^bearer +(.+)$/i.exec(authorization ?? '')?.[1])
      return verified.ok ? verified.caller : unknown(verified.why)
    },
    login: async ({ user, password }, from) => {
      const done = await access.login(user, password, from)
      if (done.ok) return done.tokens
      return 'retry_after_s' in done ? tooMany(done.why, done.retry_after_s) : unknown(done.why)
    },
    refresh: async (token) => {
      const done = await access.refresh(token)
      return done.ok ? done.tokens : unknown(done.why, AT_REFRESH)
    },
    limit: (from, what) => {
      const counted = limits[what](addressKey(from))
      return counted.ok ? undefined : tooMany('too many requests', counted.retry_after_s)
    },
  }
}

const HELP: Readonly<Record<string, string>> = {
  missing: 'send a token: "authorization: Bearer …"; tutti token create makes one',
  malformed: 'this is no token that lets anybody in; send what tutti token create printed, or the access token of a login',
  'bad signature': 'this token was not made in this workspace; tutti token create makes one',
  expired: 'this token has run out; log in again, or have another one made',
  revoked: 'this token holds no longer; log in again, or have another one made',
}

const AT_REFRESH: typeof HELP = {
  ...HELP,
  malformed: 'this is no refresh token of a login; POST /auth/login gives one',
  revoked: 'this login has ended; log in again',
  'used before': 'this refresh token was used before, so somebody else may have it, and the login has ended; log in again',
}

function unknown(why: string, help = HELP): TurnedAway {
  return { status: 401, code: codeOf(why), message: help[why] ?? why }
}

function tooMany(why: string, wait_s: number): TurnedAway {
  return { status: 429, code: codeOf(why), message: `${why}; try again in ${wait_s} s`, wait_s }
}

const codeOf = (why: string) => why.replaceAll(' ', '_')
