/** What a server does with one request. Shared by the servers of all protocols; each says it in its own wire format. */
export type Scenario =
  /** A streamed answer. `text` is the server's own `answer(prompt)` where it is left out. */
  | {
      kind: 'answer'
      text?: string
      /** Between two pieces; 0 where it is left out. */
      pause_ms?: number
      /** `told`, the figures of TOLD, where it is left out. */
      usage?: 'told' | 'omitted' | Tokens
      /** The protocol's own word; `null` leaves it out. */
      finish?: string | null
    }
  /** Calls of tools, whose arguments are streamed in pieces and mixed with each other where the protocol allows that; a text before them. */
  | {
      kind: 'calls'
      calls: readonly Call[]
      text?: string
      usage?: 'told' | 'omitted' | Tokens
      finish?: string | null
      /** The body does not end with the answer. */
      stays_open?: boolean
    }
  /** The first piece, then the rest after `release()`; without a release it is silent for ever. */
  | { kind: 'held' }
  /** A whole answer, and then the body stays open. */
  | { kind: 'unended' }
  /** Takes the request and never sends a header. */
  | { kind: 'silent' }
  /** A status, with the protocol's own error body unless another is given. */
  | { kind: 'refused'; status: number; message?: string; code?: string; headers?: Record<string, string>; body?: string }
  /** The connection breaks after the first piece. */
  | { kind: 'dropped' }
  /** The connection breaks before the headers. */
  | { kind: 'reset' }
  /** The body ends properly after the first piece, without the protocol's end. */
  | { kind: 'cut_short' }
  /** A body that is not in the protocol at all. */
  | { kind: 'garbage'; content_type?: string; body?: string }
  /** A proper first piece, then bytes that are not in the protocol. */
  | { kind: 'garbled'; body?: string }
  /** A proper first piece, then an error in the protocol's own words. */
  | { kind: 'failed_midway'; message: string; code?: number | string }

/** A text is sent as it is, also where it is not JSON. */
export type Call = { name: string; arguments: string | object }

/** What an answer says that it used. `cached` and `cache_write` are parts of `input`. */
export type Tokens = { input: number; cached: number; cache_write?: number; output: number }

/** Tokens that every answer with `usage: 'told'` reports. */
export const TOLD = { input: 11, cached: 3, output: 7 } satisfies Tokens
