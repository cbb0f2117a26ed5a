import type { Usage } from '../../core/outcome.ts'

/** What went wrong between us and a server, as far as structured signals tell. */
export type HttpSignal =
  /** A status other than 2xx, with what the body said. */
  | { signal: 'refused'; status: number; code: string | undefined; said: string; retry_after_ms: number | undefined }
  /** No connection, or it broke. `code` is Node's or undici's; `asked`: the server may have heard of the request. */
  | { signal: 'broken'; code: string | undefined; asked: boolean }
  /** The stream came to an end without the protocol's own end. */
  | { signal: 'cut_short' }
  /** An error in the protocol's own words, in the middle of an answer. */
  | { signal: 'failed_midway'; code: string | undefined; said: string }
  /** Something that is not in the protocol. */
  | { signal: 'garbage' }
  /** An answer that was given up because it did not end. */
  | { signal: 'endless'; characters: number }
  /** A proper answer without a text. It is charged all the same. */
  | { signal: 'empty'; finish: string; usage: Usage | undefined }
  /** Calls of tools, over and over, and no answer. `said`: of what kind and how many. */
  | { signal: 'no_answer'; said: string }

/** Carries a signal out through a client library, which may wrap it. The message is constant: libraries look for words in it. */
export class HttpError extends Error {
  readonly signal: HttpSignal

  constructor(signal: HttpSignal) {
    super('the server did not answer as it should')
    this.name = 'HttpError'
    this.signal = signal
  }
}

/** The signal in an error or in what caused it; nothing for an error that is not a server's doing. */
export function signalOf(error: unknown): HttpSignal | undefined {
  if (error instanceof HttpError) return error.signal
  // The client libraries parse what comes over the wire; we parse nothing ourselves that could throw this.
  if (error instanceof SyntaxError) return { signal: 'garbage' }
  return error instanceof Error && error.cause !== undefined ? signalOf(error.cause) : undefined
}
