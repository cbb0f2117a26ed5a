import type { FinishReason, Usage } from '../../core/outcome.ts'
import type { Answer, AttemptRequest } from '../provider.ts'

/** What a chat protocol is asked for. */
export type Chat = {
  model: string
  messages: { role: 'system' | 'user'; content: string }[]
  max_tokens?: number | undefined
  temperature?: number | undefined
  workspace?: string | undefined
}

/** A part of a streamed answer. A stream that never gives a `finish` was cut short. */
export type Piece = { text?: string | undefined; finish?: FinishReason | undefined; usage?: Usage | undefined }

/** Characters; no model writes so much, but one that has lost itself may go on for ever. */
export const LONGEST_ANSWER = 10_000_000

/** An attempt that did not succeed. */
export type Failure = Extract<Answer, { result: 'failed' }>

/**
 * The attempt as a chat, or why it cannot be one.
 * @param fallback the provider's own model, for a request that names none
 */
export function chatOf(request: AttemptRequest, name: string, fallback: string | undefined): Chat | Failure {
  const { work, max_tokens, temperature, workspace } = request
  if (work.kind === 'command') return cannotRun(name)
  const model = request.model ?? fallback
  if (model === undefined) {
    return refuse(`${name} needs a model: set "model" in the task, in its tier, or in "providers.${name}" of config.json`)
  }
  const user = { role: 'user' as const, content: work.prompt }
  const messages = work.system === undefined ? [user] : [{ role: 'system' as const, content: work.system }, user]
  return { model, messages, max_tokens, temperature, workspace }
}

/** What a provider of models says to a command. */
export function cannotRun(name: string): Failure {
  return refuse(`${name} answers prompts and cannot run a command; give the task a provider of the type "command"`)
}

function refuse(message: string): Failure {
  return { result: 'failed', kind: 'bad_request', message, unspent: true }
}
