import type { FinishReason, Usage } from '../../core/outcome.ts'
import type { Answer, AttemptRequest } from '../provider.ts'

/** Something that a model may call while it answers. */
export type Tool = { name: string; description: string; parameters: Record<string, unknown> }

/** A model calls a tool; the arguments are JSON, if the model did well. */
export type ToolCall = { id: string; name: string; arguments: string }

/** What a model is told of its call. */
export type ToolResult = { call: ToolCall; text: string; is_error: boolean }

export type Message =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string; calls: readonly ToolCall[] }
  /** To all the calls of the message before. */
  | { role: 'tools'; results: readonly ToolResult[] }

/** What a chat protocol is asked for. */
export type Chat = {
  model: string
  messages: Message[]
  tools?: readonly Tool[] | undefined
  max_tokens?: number | undefined
  temperature?: number | undefined
  workspace?: string | undefined
}

/** A part of a streamed answer. A stream that never gives a `finish` was cut short. */
export type Piece = {
  text?: string | undefined
  finish?: FinishReason | undefined
  usage?: Usage | undefined
  /** All the calls of the answer, once they are whole. */
  calls?: readonly ToolCall[] | undefined
}

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
