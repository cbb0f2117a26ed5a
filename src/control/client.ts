import { createConnection } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { errorMessage } from '../core/error.ts'
import { Event } from '../core/events.ts'
import type { Door } from '../core/wish.ts'
import { messagesOf, type Message } from './messages.ts'
import { BY_HEADER, DOOR_HEADER, ErrorBody, eventId, eventPlace, KEY_HEADER } from './protocol.ts'
import { ask, textOf } from './request.ts'
import { socketOf } from './socket-place.ts'

/** What came of a request. `nothing`: nobody answers any more, or not in words that are known. */
type Said<Value> =
  | { said: 'yes'; value: Value }
  | { said: 'no'; status: number; error: ErrorBody['error'] }
  | { said: 'nothing'; problem: string }

/** A conductor in another process. */
export type ControlClient = {
  get: <Schema extends z.ZodType>(path: string, schema: Schema) => Promise<Said<z.output<Schema>>>
  /** @param key the same request sent again under it is carried out once */
  post: <Schema extends z.ZodType>(path: string, body: object, schema: Schema, key?: string) => Promise<Said<z.output<Schema>>>
  /**
   * Messages of a stream, over any number of connections, none missed and none twice. It ends with one named `end`, when it
   * is given up, or when the conductor is gone. Throws where the server refuses it.
   */
  sse: (path: string, options?: { after?: string | undefined; signal?: AbortSignal | undefined }) => AsyncGenerator<Message>
  /** What happens, in one run after the other. @param after absent: from the beginning of the run that is open, or was the last */
  events: (after?: { run: string; seq: number }, signal?: AbortSignal) => AsyncGenerator<{ run: string; event: Event }>
}

/** A stream that breaks off is taken up again so soon, and so often where nobody answers. */
const AGAIN_MS = 100
const TRIES = 5

/**
 * The conductor of a workspace, if one listens there.
 * @param runs the workspace's `runs/`, absolute
 * @param who the person for whom is asked, where that is not the user of this system, and where they stand
 */
export async function connectControl(runs: string, { by, door = 'cli' }: { by?: string | undefined; door?: Extract<Door, 'cli' | 'screen'> } = {}): Promise<ControlClient | undefined> {
  if (!(await isAnswered(await socketOf(runs)))) return undefined
  const own = { [DOOR_HEADER]: door, ...(by === undefined ? {} : { [BY_HEADER]: encodeURIComponent(by) }) }

  async function said<Schema extends z.ZodType>(schema: Schema, path: string, body?: object, key?: string): Promise<Said<z.output<Schema>>> {
    try {
      const headers = { ...own, ...(key === undefined ? {} : { [KEY_HEADER]: key }) }
      const answer = await ask(await socketOf(runs), { method: body === undefined ? 'GET' : 'POST', path, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
      const status = answer.statusCode ?? 0
      const value: unknown = JSON.parse(await textOf(answer))
      return status < 400 ? { said: 'yes', value: schema.parse(value) } : { said: 'no', status, error: ErrorBody.parse(value).error }
    } catch (error) {
      const what = error instanceof z.ZodError || error instanceof SyntaxError ? 'the conductor answers in words that this version does not know; use the same version of tutti' : `the conductor does not answer: ${errorMessage(error)}`
      return { said: 'nothing', problem: what }
    }
  }

  async function* once(path: string, after: string | undefined, signal: AbortSignal | undefined): AsyncGenerator<Message> {
    const answer = await ask(await socketOf(runs), { method: 'GET', path, headers: { ...own, accept: 'text/event-stream', ...(after === undefined ? {} : { 'last-event-id': after }) }, signal })
    if (answer.statusCode !== 200) throw new StreamRefused(ErrorBody.parse(JSON.parse(await textOf(answer))).error.message)
    answer.setEncoding('utf8')
    yield* messagesOf(answer)
  }

  async function* sse(path: string, { after, signal }: { after?: string | undefined; signal?: AbortSignal | undefined } = {}): AsyncGenerator<Message> {
    let last = after
    const isGivenUp = () => signal?.aborted === true
    for (let tries = 0; tries < TRIES && !isGivenUp(); tries++) {
      try {
        for await (const message of once(path, last, signal)) {
          tries = 0
          last = message.id ?? last
          yield message
          if (message.event === 'end' || isGivenUp()) return
        }
      } catch (error) {
        if (error instanceof StreamRefused) throw error
      }
      await sleep(AGAIN_MS, undefined, { signal }).catch(() => {})
    }
  }

  return {
    get: (path, schema) => said(schema, path),
    post: (path, body, schema, key) => said(schema, path, body, key),
    sse,
    events: async function* (after, signal) {
      for await (const { id, data } of sse('/v1/events/stream', { after: after === undefined ? undefined : eventId(after), signal })) {
        const place = eventPlace(id ?? '')
        if (place !== undefined) yield { run: place.run, event: Event.parse(JSON.parse(data)) }
      }
    },
  }
}

/** The server's reason not to give a stream. */
class StreamRefused extends Error {
  override name = 'StreamRefused'
}

/** A socket that a dead conductor left refuses, or is not there. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection({ path })
    connection.once('connect', () => {
      connection.destroy()
      resolve(true)
    })
    connection.once('error', () => resolve(false))
  })
}
