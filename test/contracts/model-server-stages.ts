import type { AttemptRequest } from '../../src/providers/provider.ts'
import type { ModelServer } from '../servers/model-server.ts'
import type { Scenario } from '../servers/scenario.ts'
import type { ProviderHarness, ProviderWorld } from './provider-contract.ts'

export type ServerWorld = ProviderWorld & { server: ModelServer }

type Stages = Pick<ProviderHarness<ServerWorld>, 'streams' | 'asks' | 'fails' | 'hangs'> & {
  /** The server does this with the next requests. */
  next: (...scenarios: Scenario[]) => (world: ServerWorld) => AttemptRequest
}

/**
 * The situations that any model server can be brought into, whatever it speaks. A provider's own test
 * replaces those that its server puts into words of its own.
 */
export function modelServerStages(request: () => AttemptRequest): Stages {
  const next =
    (...scenarios: Scenario[]) =>
    ({ server }: ServerWorld) => {
      server.next(...scenarios)
      return request()
    }
  const refused = (status: number, message: string) => next({ kind: 'refused', status, message })

  return {
    next,
    streams: ({ server }) => {
      server.next({ kind: 'held' })
      return { request: request(), proceed: server.release }
    },
    asks: ({ server }) => {
      server.next({ kind: 'calls', text: 'Let me ask.', calls: [{ name: 'ask_user', arguments: { question: 'Which key?', options: ['C', 'G'], default: 'C' } }] }, { kind: 'answer', text: 'In G then.' })
      return {
        request: request(),
        question: { kind: 'question', asks: [{ text: 'Which key?', options: [{ label: 'C' }, { label: 'G' }], default: 'C' }] },
        reply: { is: 'answered', answers: ['G'] },
        text: 'In G then.',
      }
    },
    fails: {
      'the key is refused': refused(401, 'unauthorized'),
      'the model is not there': refused(404, 'the model was not found'),
      'the server asks to slow down': refused(429, 'too many requests'),
      'the request is refused': refused(400, 'temperature is too high'),
      'the server fails': refused(500, 'the server had an error'),
      'nothing listens there': async ({ server }) => {
        await server.stop()
        return request()
      },
      'the connection breaks in mid-answer': next({ kind: 'dropped' }),
      'the answer stops before its end': next({ kind: 'cut_short' }),
      'the body is garbage': next({ kind: 'garbage' }),
      'the body turns into garbage in mid-answer': next({ kind: 'garbled' }),
      'the answer is empty': next({ kind: 'answer', text: '' }),
    },
    hangs: {
      'it never answers': ({ server }) => {
        server.next({ kind: 'silent' })
        return { request: request(), underway: () => server.received() }
      },
      'it falls silent in mid-answer': ({ server }) => {
        server.next({ kind: 'held' })
        return { request: request(), underway: (first) => first }
      },
    },
  }
}
