import type { FailureKind } from '../../src/core/outcome.ts'
import type { Scenario } from '../servers/scenario.ts'

/** Each way in which an attempt can fail, and the kind that it must come back as. */
export const FAILURES = [
  ['the key is refused', 'auth'],
  ['the model is not there', 'model_missing'],
  ['the server asks to slow down', 'rate_limited'],
  ['the request is refused', 'bad_request'],
  ['the server fails', 'provider_down'],
  ['nothing listens there', 'provider_down'],
  ['the connection breaks in mid-answer', 'provider_down'],
  ['the answer stops before its end', 'provider_down'],
  ['the body is garbage', 'bad_output'],
  ['the body turns into garbage in mid-answer', 'bad_output'],
  ['the answer is empty', 'bad_output'],
  ['the command exits with an error', 'command_failed'],
  ['the command cannot be started', 'command_failed'],
  ['the agent is not allowed what it wanted', 'permission_denied'],
  ['the agent has taken all of its turns', 'limit_reached'],
  ['the agent has used all of its money', 'limit_reached'],
] as const satisfies readonly (readonly [string, FailureKind])[]
export type FailureScenario = (typeof FAILURES)[number][0]

const refused = (status: number, message: string): Scenario => ({ kind: 'refused', status, message })

/** Those that a model server that answers at all can be brought into, whatever it speaks. */
export const SERVER_FAILURES = {
  'the key is refused': refused(401, 'unauthorized'),
  'the model is not there': refused(404, 'the model was not found'),
  'the server asks to slow down': refused(429, 'too many requests'),
  'the request is refused': refused(400, 'temperature is too high'),
  'the server fails': refused(500, 'the server had an error'),
  'the connection breaks in mid-answer': { kind: 'dropped' },
  'the answer stops before its end': { kind: 'cut_short' },
  'the body is garbage': { kind: 'garbage' },
  'the body turns into garbage in mid-answer': { kind: 'garbled' },
  'the answer is empty': { kind: 'answer', text: '' },
} as const satisfies { [Name in FailureScenario]?: Scenario }
