import type { FinishReason, Usage } from '../../core/outcome.ts'
import { chatOf, LONGEST_ANSWER } from './chat.ts'
import type { Chat, Failure, Piece } from './chat.ts'
import { converse } from './conversation.ts'
import type { Connect } from './conversation.ts'
import { failureOf } from './failure.ts'
import type { Server } from './failure.ts'
import type { Answer, AttemptIo, Health, Provider } from '../provider.ts'
import { HttpError } from './signal.ts'
import { urlProblem } from './server-url.ts'

/** What one protocol adds to what all model servers share. */
export type Protocol = {
  /** Where it is and what to advise; `model` is the one in question. */
  server: (model: string) => Server
  /** The provider's own model. */
  model: string | undefined
  stream: (chat: Chat, connect: Connect) => AsyncIterable<Piece>
  /** Asks the server for what it has. */
  look: (connect: Connect) => Promise<Health>
}

/** A provider that talks to a model server: one streamed chat for each attempt. */
export function createHttpProvider({ server, model, stream, look }: Protocol): Provider {
  return {
    run: async (request, io) => {
      const { name } = server('')
      const chat = chatOf(request, name, model)
      if ('result' in chat) return chat
      const there = server(chat.model)
      return unfit(there) ?? answer(there, io, (connect) => stream(chat, connect))
    },

    health: async (signal) => {
      const there = server(model ?? '')
      const problem = unfit(there)
      if (problem !== undefined) return { state: 'misconfigured', detail: problem.message }
      const seen = await converse(signal, look)
      switch (seen.ended) {
        case 'well':
          return seen.value
        case 'interrupted':
          return { state: 'unreachable', detail: `did not answer in time. ${there.advice.provider_down}` }
        case 'badly': {
          const { kind, message } = failureOf(seen.signal, there)
          // Anything but a refused key may pass by itself: the page of a proxy, say, while its server is started anew.
          return { state: kind === 'auth' ? 'misconfigured' : 'unreachable', detail: message }
        }
      }
    },
  }
}

/** What keeps the server from being asked at all. */
function unfit({ name, url, url_key, api_key = '' }: Server): Failure | undefined {
  // With an empty address the client library would ask its own default: somebody else's server.
  const problem = urlProblem(url)
  if (problem !== undefined) {
    return { result: 'failed', kind: 'bad_request', message: `"providers.${name}.${url_key}" in config.json ${problem}`, unspent: true }
  }
  // A library that cannot put a key into a header throws an error with the key in it.
  if (/^[\x20-\x7e]*$/.test(api_key.trim())) return undefined
  return { result: 'failed', kind: 'auth', message: `"providers.${name}.api_key" in config.json holds characters that no key has`, unspent: true }
}

async function answer(server: Server, io: AttemptIo, stream: (connect: Connect) => AsyncIterable<Piece>): Promise<Answer> {
  const heard = await converse(io.signal, (connect) => listen(stream(connect), io))
  switch (heard.ended) {
    case 'interrupted':
      return { result: 'failed', kind: 'interrupted', message: `${server.name} was interrupted` }
    case 'badly':
      return failureOf(heard.signal, server)
    case 'well': {
      const { text, finish, usage, pieces } = heard.value
      if (pieces === 0) return failureOf({ signal: 'garbage' }, server)
      if (finish === undefined) return failureOf({ signal: 'cut_short' }, server)
      if (text.trim() === '') return failureOf({ signal: 'empty', finish, usage }, server)
      return { result: 'answered', text, finish, usage: usage === undefined ? undefined : believable(usage) }
    }
  }
}

/** No question and no answer that has a text is made of no tokens: a server that says so does not count. */
function believable({ input, output, ...rest }: Usage): Usage {
  return { ...rest, input: input === 0 ? undefined : input, output: output === 0 ? undefined : output }
}

type Heard = { text: string; finish: FinishReason | undefined; usage: Usage | undefined; pieces: number }

/** Hands the text on as it comes, and keeps the last word on everything else. */
async function listen(pieces: AsyncIterable<Piece>, { write }: AttemptIo): Promise<Heard> {
  const heard: Heard = { text: '', finish: undefined, usage: undefined, pieces: 0 }
  for await (const { text = '', finish, usage } of pieces) {
    if (text !== '') write(text)
    heard.text += text
    if (heard.text.length > LONGEST_ANSWER) throw new HttpError({ signal: 'endless', characters: LONGEST_ANSWER })
    heard.pieces += 1
    heard.finish = finish ?? heard.finish
    heard.usage = usage ?? heard.usage
  }
  return heard
}
