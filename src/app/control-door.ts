import type { Caller } from '../core/caller.ts'
import type { Problem } from '../core/problem.ts'
import type { Conductor } from './conductor.ts'

/** Why somebody is turned away. 401: nobody knows who it is; 403: it may not; 429: not now. */
export type TurnedAway = {
  status: 401 | 403 | 429
  /** For programs: `no_token`, `expired`, `locked`, … */
  code: string
  message: string
  /** Seconds until it makes sense to come again. */
  wait_s?: number | undefined
}

/** What somebody goes on with who has logged in; the first is sent as `Authorization: Bearer …`. Times are ISO 8601, UTC. */
type LoginTokens = { access: { token: string; expires_at: string }; refresh: { token: string; expires_at: string } }

/** Who may come in through the door that is open to a network; what they may do then, `core/caller.ts` says. Nothing here rejects for what a caller can send. */
export type Gatekeeper = {
  /**
   * Who sends a request. It is asked again every few seconds of a stream, which ends when the caller is turned away.
   * @param headers names in small letters
   * @param from the caller's address
   */
  authenticate: (headers: Readonly<Record<string, string | undefined>>, from: string) => Promise<Caller | TurnedAway>
  login: (who: { user: string; password: string }, from: string) => Promise<LoginTokens | TurnedAway>
  refresh: (refreshToken: string, from: string) => Promise<LoginTokens | TurnedAway>
  /**
   * Counts a request against its address; one at the webhook door once more, before its secret is looked at.
   * @returns why no more are taken from there now
   */
  limit: (from: string, what: 'request' | 'webhook') => TurnedAway | undefined
}

export type ControlOptions = {
  /** `HOST:PORT` to listen on as well; port 0 is any that is free. Absent: on the Unix socket only. */
  listen?: string | undefined
  /** Has to be there for `listen`: without one nobody gets in. */
  gatekeeper?: Gatekeeper | undefined
}

/** The doors to a conductor, as they have been opened. */
export type Control = {
  /** The Unix socket's path, and where it is served over TCP (`http://127.0.0.1:5200`), as far as they could be opened. */
  addresses: { socket?: string; http?: string }
  /** What could not be opened, and what is doubtful: the run goes on all the same. */
  problems: Problem[]
  /** Ends the streams, lets answers that are under way be given, and shuts the doors. */
  close: () => Promise<void>
}

/**
 * Opens the doors to a conductor. It never rejects: a door that cannot be opened is told among the problems. The caller
 * holds the workspace's lock, so a socket that lies there belongs to nobody.
 */
export type OpenControl = (conductor: Conductor, options: ControlOptions) => Promise<Control>
