import type { Context } from 'hono'
import { errorMessage } from '../core/error.ts'
import type { Desk, Env } from './desk.ts'
import { isStillKnown } from './who.ts'

/** How often a stream says that it is there, and asks whether its reader may still read. */
const BEAT_MS = 15_000
/** A reader that takes nothing for so long is gone, or never wanted anything. */
const STUCK_MS = 60_000

/** One message of a stream (WHATWG HTML, "server-sent events"). @param data without a line break: JSON is */
export function message(id: string | undefined, data: string, event?: string): string {
  return `${event === undefined ? '' : `event: ${event}\n`}${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`
}

/**
 * Answers with a stream of messages. The next ones are taken from the source when the reader has taken the last: nothing is
 * kept for a slow one but what is on its way, and one that takes nothing at all is let go. Either comes again with
 * `Last-Event-ID`.
 */
export function streamed(desk: Desk, context: Context<Env>, source: (signal: AbortSignal) => AsyncGenerator<string>): Response {
  const { outgoing } = context.env
  const ending = new AbortController()
  const messages = source(ending.signal)
  const encoder = new TextEncoder()
  const isWelcome = isStillKnown(desk, context)
  let next: Promise<IteratorResult<string>> | undefined
  let asked = performance.now()
  let stuck: NodeJS.Timeout | undefined
  let isFirst = true
  let isGone = false

  function end(): void {
    clearTimeout(stuck)
    ending.abort()
    desk.streams.delete(ending)
    messages.return(undefined).catch(() => {})
  }

  /** The next messages, or that nothing has come for a while. */
  async function nextOrBeat(): Promise<IteratorResult<string> | 'beat'> {
    next ??= messages.next()
    let timer: NodeJS.Timeout | undefined
    const beat = new Promise<'beat'>((resolve) => (timer = setTimeout(resolve, BEAT_MS, 'beat').unref()))
    const found = await Promise.race([next, beat])
    clearTimeout(timer)
    if (found !== 'beat') next = undefined
    return found
  }

  async function pull(): Promise<string | undefined> {
    if (isFirst) {
      isFirst = false
      // Only now: of an answer to HEAD nothing is ever read, nor is it given up.
      if (desk.isShut) ending.abort()
      desk.streams.add(ending)
      return 'retry: 1000\n\n'
    }
    const found = await nextOrBeat()
    if (performance.now() - asked >= BEAT_MS) {
      asked = performance.now()
      if (!(await isWelcome())) return undefined
    }
    return found === 'beat' ? ':\n\n' : found.done === true ? undefined : found.value
  }

  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        clearTimeout(stuck)
        try {
          const text = await pull()
          if (isGone) return
          if (text !== undefined) {
            controller.enqueue(encoder.encode(text))
            stuck = setTimeout(() => outgoing.destroy(), STUCK_MS).unref()
            return
          }
        } catch (error) {
          // It comes again and is told why, if it is still so.
          process.emitWarning(`a stream of the control server broke: ${errorMessage(error)}`)
        }
        if (isGone) return
        end()
        controller.close()
      },
      cancel: () => {
        isGone = true
        end()
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked', 'x-accel-buffering': 'no' } })
}
