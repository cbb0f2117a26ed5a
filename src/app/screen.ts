import type { Refusal, Intent } from '../core/intents.ts'
import type { RunState } from '../core/state.ts'
import type { Listener } from '../runtime/loop.ts'
import type { Playback } from '../core/views/scrubber.ts'
import type { RunFolder } from '../store/run-folder.ts'
import type { Workspace } from './workspace.ts'

/** A run as a screen shows it, whoever conducts it. */
export type ShownRun = {
  folder: RunFolder
  /** Its folder as a person would type it. */
  path: string
  /** `live`: conducted by this process; `followed`: by another one; `recorded`: it is over, or nobody conducts it; `replayed`: played from its log. */
  is: 'live' | 'followed' | 'recorded' | 'replayed'
  /** Changes in place: read it between awaits, never keep a part of it. */
  readonly state: RunState
  /** Is told of every event from now on, after the state has taken it in. Call the result to end that. */
  subscribe: (listener: Listener) => () => void
  /** Hands in what a person wants; absent where the run can only be looked at. */
  send?: (intent: Intent) => Promise<Refusal | undefined>
  /** What time it is in the run, in ms since 1970: the clock's, or that of the moment that is played. */
  now: () => number
  /** Moves a replay; absent where nothing is played. */
  player?: Player
}

/** Moves through a recorded run, in its own time. */
export type Player = {
  /** Where it stands. */
  readonly playback: Playback
  /** Plays or stops; at the end of the run it begins anew. */
  toggle: () => void
  faster: () => void
  slower: () => void
  /** To the step before, to the next one; it stops there, to be looked at. */
  back: () => void
  forth: () => void
  /** To the first step, to the last; what was playing goes on from there. */
  start: () => void
  end: () => void
  /** To the last step that had happened at a moment. @param moment ms since 1970 */
  to: (moment: number) => void
  /** Calls back when the state has become another one, by no event: what was kept in step with it begins anew. Call the result to end that. */
  onJump: (call: () => void) => () => void
}

/** What becomes of a run when its screen is left: it goes on without it, what runs comes to its end first, or all is stopped at once. */
export type HowToLeave = 'leave' | 'drain' | 'now'

/** Why a screen was left: a person pressed q, a signal came, the terminal went away, or the screen has a bug. */
export type Leaving =
  | { why: 'quit'; how: HowToLeave }
  | { why: 'signal'; signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' }
  | { why: 'gone' }
  | { why: 'broken'; error: unknown }

/** The full-screen page, as whoever conducts sees it. */
export type Screen = {
  /** Shows a run from now on. */
  show: (run: ShownRun) => void
  /** Says something to the person who looks. */
  tell: (text: string, kind: 'note' | 'warning' | 'error') => void
  /** Whether a person has pressed a key: they are there, and the page must not go away under their eyes. */
  readonly isAttended: boolean
  /**
   * Resolves when it is to be left. The terminal has been given back by then, but for `quit`: until it is closed the page
   * goes on showing the run. Who will not wait for the end of a drain then stops the run itself, by `send`.
   */
  left: Promise<Leaving>
  /** Gives the terminal back. */
  close: () => void
}

type ScreenOptions = {
  workspace: Workspace
  /** What is waited for while no run is open, and in the lines below it what a person can do; '' where nothing more comes. */
  waiting: string
}

/** Opens the page on a terminal that can show it. */
export type OpenScreen = (options: ScreenOptions) => Promise<Screen>
