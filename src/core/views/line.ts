import type { TaskStatus } from '../task-state.ts'

/** What a piece of a line means. A theme of a face says how that looks; nothing is said by colour alone. */
export type Style =
  | TaskStatus
  /** Less important than what stands around it; more important; where a person can act. */
  | 'dim'
  | 'strong'
  | 'accent'
  /** How well something stands: money, checks. */
  | 'good'
  | 'warn'
  | 'bad'
  /** Frames and rules; those of the pane that has the keys; edges of a graph; the critical path. */
  | 'frame'
  | 'focus'
  | 'edge'
  | 'critical'
  /** What a search has found. */
  | 'found'

/** A piece of a line. `sgr`: colours that the text came with (parameters of an SGR sequence). */
export type Span = { text: string; style?: Style; sgr?: string; selected?: boolean }

/** One line of a screen, from left to right. */
export type Line = readonly Span[]
