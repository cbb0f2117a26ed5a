import type { Intent } from '../core/intents.ts'

/** What a key comes to beside a change of what is looked at. */
export type Effect =
  | { effect: 'send'; intents: readonly Intent[]; /** Said when all of them were taken. */ done: string }
  | { effect: 'copy'; text: string; what: string }
  | { effect: 'edit'; file: string }
  | { effect: 'open-run'; run: string }
  /** Back to the run that is conducted. */
  | { effect: 'close-run' }
  /** Plays the run that is shown from its log: see `replay.ts`. */
  | { effect: 'play'; how: 'toggle' | 'faster' | 'slower' | 'back' | 'forth' | 'start' | 'end' }
  | { effect: 'redraw' }
  | { effect: 'suspend' }
  | { effect: 'quit' }
