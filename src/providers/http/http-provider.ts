import { chatOf } from './chat.ts'
import type { Chat, Failure, Piece } from './chat.ts'
import { converse } from './conversation.ts'
import type { Connect } from './conversation.ts'
import { failureOf } from './failure.ts'
import type { Server } from './failure.ts'
import type { AttemptIo, Health, Provider } from '../provider.ts'
import { listen, type Round } from './round.ts'
import { answerInRounds } from './rounds.ts'
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

/** A provider that talks to a model server: one streamed chat for each attempt, and one more after each question to a person. */
export function createHttpProvider({ server, model, stream, look }: Protocol): Provider {
  return {
    run: async (request, io) => {
      const { name } = server('')
      const chat = chatOf(request, name, model)
      if ('result' in chat) return chat
      const there = server(chat.model)
      return unfit(there) ?? answerInRounds(there, chat, io, (each) => converseOnce(io, (connect) => stream(each, connect)))
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

async function converseOnce(io: AttemptIo, stream: (connect: Connect) => AsyncIterable<Piece>): Promise<Round> {
  const heard = await converse(io.signal, (connect) => listen(stream(connect), io))
  return heard.ended === 'well' ? { ended: 'well', heard: heard.value } : heard
}
