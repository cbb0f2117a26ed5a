import type { Watch } from './connection.ts'
import { signalOf } from './signal.ts'
import type { HttpSignal } from './signal.ts'

/** Makes the `fetch` that a client library has to use, so that its connection is ours to close. */
export type Connect = (watch?: Watch) => typeof fetch

/** What a client library gets for a timeout: the longest delay that a timer of Node can hold, in ms. */
export const FOREVER_MS = 2 ** 31 - 1

/** Made once: the error that an abort makes by itself, with its stack, takes longer than the abort. */
const LEFT = new Error('nobody reads the answer any more')

export type Conversation<Value> =
  | { ended: 'well'; value: Value }
  | { ended: 'badly'; signal: HttpSignal }
  /** The caller's signal fired. */
  | { ended: 'interrupted' }

/**
 * Talks to a server, and leaves no connection behind however that ends. Whatever the server or the
 * network did comes back as a value; any other error is a bug and is thrown.
 */
export async function converse<Value>(signal: AbortSignal, talk: (connect: Connect) => Promise<Value>): Promise<Conversation<Value>> {
  if (signal.aborted) return { ended: 'interrupted' }
  const leaving = new AbortController()
  // Loaded here, so that a provider that is only configured costs nothing at start-up.
  const { connect } = await import('./connection.ts')
  const either = AbortSignal.any([signal, leaving.signal])
  try {
    const value = await talk((watch) => connect(either, watch))
    // Client libraries end an aborted stream as if it were whole.
    return signal.aborted ? { ended: 'interrupted' } : { ended: 'well', value }
  } catch (error) {
    if (signal.aborted) return { ended: 'interrupted' }
    const told = signalOf(error)
    if (told === undefined) throw error
    return { ended: 'badly', signal: told }
  } finally {
    leaving.abort(LEFT)
  }
}
