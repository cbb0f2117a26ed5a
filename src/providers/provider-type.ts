import type { z } from 'zod'
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

/** One value of `"type"` in the configuration: which options it has, and how to make the provider. */
export type ProviderType<Options extends TypedOptions = TypedOptions> = {
  options: Options
  /** Whether an attempt has to name a model. */
  needs_model: boolean
  /** `options` are checked again against the schema. A client library is loaded here or later, never by the import. */
  create: (name: string, options: unknown, extra: ProviderExtra) => Provider | Promise<Provider>
}

export function defineProvider<Options extends TypedOptions>(
  options: Options,
  create: (name: string, options: z.infer<Options>, extra: ProviderExtra) => Provider | Promise<Provider>,
  { needs_model } = { needs_model: false },
): ProviderType<Options> {
  return { options, needs_model, create: (name, given, extra) => create(name, options.parse(given), extra) }
}
