import * as z from 'zod'
import { claudeCode } from './agents/claude-code.ts'
import { codex } from './agents/codex.ts'
import { gemini } from './agents/gemini.ts'
import { agent } from './agents/generic.ts'
import { opencode } from './agents/opencode.ts'
import { qwen } from './agents/qwen.ts'
import { anthropic } from './anthropic.ts'
import { command } from './command-type.ts'
import { ollama } from './ollama.ts'
import { openAi } from './openai.ts'
import type { AgentType, ProviderExtra } from './provider-type.ts'
import type { Provider } from './provider.ts'
import { rehearsal } from './rehearsal.ts'

/** Every type of provider there is. Importing it loads schemas only, no client library. */
const TYPES = [openAi, anthropic, ollama, rehearsal, command, claudeCode, codex, gemini, opencode, qwen, agent] as const

const [first, ...others] = TYPES

/** The options of one provider in the configuration, told apart by `type`. */
export const ProviderOptions = z.discriminatedUnion('type', [first.options, ...others.map(({ options }) => options)])
export type ProviderOptions = z.infer<typeof ProviderOptions>

/** What is known of this type's agent; undefined for a type that is none. */
export function agentType(type: string): AgentType | undefined {
  return TYPES.find(({ options }) => options.shape.type.value === type)?.agent
}

/** Whether attempts on this type of provider have to name a model. */
export function needsModel(type: string): boolean {
  return TYPES.find(({ options }) => options.shape.type.value === type)?.needs_model ?? false
}

/**
 * Makes a provider.
 * @param name its name in the configuration, for messages
 */
export async function createProvider(name: string, options: ProviderOptions, extra: ProviderExtra): Promise<Provider> {
  const type = TYPES.find((candidate) => candidate.options.shape.type.value === options.type)
  if (type === undefined) throw new Error(`no provider has the type ${options.type}`)
  return type.create(name, options, extra)
}
