import type { HowToLeave, Player } from '../app/screen.ts'
import type { Intent } from '../core/intents.ts'

/** As a player names its moves. */
type PlayMove = Exclude<keyof Player, 'playback' | 'to' | 'onJump'>

/** What a key comes to beside a change of what is looked at. */
export type Effect =
  | { effect: 'send'; intents: readonly Intent[]; /** Said when all of them were taken. */ done: string }
  | { effect: 'copy'; text: string; what: string }
  | { effect: 'edit'; file: string }
  | { effect: 'open-run'; run: string }
  /** Back to the run that is conducted. */
  | { effect: 'close-run' }
  /** Moves the replay that is shown. */
  | { effect: 'play'; how: PlayMove }
  | { effect: 'redraw' }
  | { effect: 'suspend' }
  | { effect: 'quit'; how: HowToLeave }
