import type { AttemptRequest } from '../../src/providers/provider.ts'
import type { ModelServer } from '../servers/model-server.ts'
import type { Scenario } from '../servers/scenario.ts'
import { SERVER_FAILURES } from './failures.ts'
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
      ...Object.fromEntries(Object.entries(SERVER_FAILURES).map(([name, scenario]) => [name, next(scenario)])),
      'nothing listens there': async ({ server }) => {
        await server.stop()
        return request()
      },
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
