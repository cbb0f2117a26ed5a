import type * as z from 'zod'
import type { Provider } from './provider.ts'

/** What a provider may need beside its own options. */
export type ProviderExtra = {
  /** The workspace's folder, absolute: paths in the options are relative to it. */
  workspace: string
  /** What agents may be let see: the process's environment, and the workspace's `.env` below it. */
  environment: Readonly<Record<string, string | undefined>>
  /** Names of the environment variables that hold secrets: commands do not get them. */
  secrets: string[]
  /** Bytes of a command's output that are kept, where its own options do not say. */
  max_output_bytes?: number
}

type TypedOptions = z.ZodObject<{ type: z.ZodLiteral<string> }>

/** What is known of an agent before it is called. */
export type AgentType = {
  /** Whose models it calls, where that is always the same: their prices are published. */
  vendor?: 'anthropic' | 'openai' | 'google'
  /** What an attempt may cost where the configuration does not say, in US dollars: only for one that can be held to it. */
  cap_usd?: number
}

/** One value of `"type"` in the configuration: which options it has, and how to make the provider. */
export type ProviderType<Options extends TypedOptions = TypedOptions> = {
  options: Options
  /** Whether an attempt has to name a model. */
  needs_model: boolean
  /** There for agents: programs that work and spend by themselves. */
  agent?: AgentType | undefined
  /** `options` are checked again against the schema. A client library is loaded here or later, never by the import. */
  create: (name: string, options: unknown, extra: ProviderExtra) => Provider | Promise<Provider>
}

export function defineProvider<Options extends TypedOptions>(
  options: Options,
  create: (name: string, options: z.infer<Options>, extra: ProviderExtra) => Provider | Promise<Provider>,
  { needs_model = false, agent }: { needs_model?: boolean; agent?: AgentType } = {},
): ProviderType<Options> {
  return { options, needs_model, agent, create: (name, given, extra) => create(name, options.parse(given), extra) }
}
