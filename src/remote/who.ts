import { userInfo } from 'node:os'
import type { Context, MiddlewareHandler } from 'hono'
import { BY_HEADER, DOOR_HEADER } from '../app/control-protocol.ts'
import type { Gatekeeper, TurnedAway } from '../app/control-door.ts'
import type { Caller } from '../core/caller.ts'
import { oneLine } from '../core/sanitize.ts'
import type { Door } from '../core/wish.ts'
import { addressOf } from './at-the-door.ts'
import type { Desk, Env } from './desk.ts'
import { turnedAway } from './refused.ts'

/** Characters of a name that somebody gives. */
const LONGEST_NAME = 60

/**
 * Who asks. Whoever reaches the Unix socket is the owner of the workspace, and says which person; from a network, what
 * the gatekeeper knows counts and nothing else.
 */
export function known({ gatekeeper }: Desk): MiddlewareHandler<Env> {
  return async (context, next) => {
    if (context.env.transport === 'socket') {
      context.set('caller', { who: saidName(context.req.header(BY_HEADER)), role: 'admin', grant: 'control.sock' })
      context.set('door', saidDoor(context.req.header(DOOR_HEADER)))
    } else {
      const found = await identify(gatekeeper, context)
      if ('status' in found) throw turnedAway(found)
      context.set('caller', found)
      context.set('door', 'http')
    }
    return next()
  }
}

/** Whether a caller who was let in may stay: a token may have run out or been taken back meanwhile. */
export function isStillKnown({ gatekeeper }: Desk, context: Context<Env>): () => Promise<boolean> {
  return async () => context.env.transport === 'socket' || !('status' in (await identify(gatekeeper, context)))
}

async function identify(gatekeeper: Gatekeeper | undefined, context: Context<Env>): Promise<Caller | TurnedAway> {
  if (gatekeeper === undefined) return { status: 401, code: 'no_token', message: 'nobody is known here' }
  return gatekeeper.authenticate(context.req.header(), addressOf(context.env.incoming))
}

/** Our own faces say which they are; whoever says nothing is a program that speaks HTTP. */
function saidDoor(header: string | undefined): Door {
  return header === 'screen' || header === 'cli' ? header : 'http'
}

/** A header holds ASCII, so a name comes percent-encoded. */
function saidName(header: string | undefined): string {
  const said = oneLine(decoded(header ?? ''), LONGEST_NAME)
  return said === '' ? ownName() : said
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** In a container there may be no user of this number. */
function ownName(): string {
  try {
    return userInfo().username
  } catch {
    return 'owner'
  }
}
