import * as z from 'zod'
import { configSchema } from '../config/schema.ts'
import { ProviderOptions } from '../providers/registry.ts'

/** Providers that are there under the name of their type, unless the configuration uses the name itself. */
const BUILT_IN = ['rehearsal', 'command', 'ollama', 'openai', 'anthropic'] as const
export type BuiltIn = (typeof BUILT_IN)[number]

/** The schema of `config.json`, providers included. */
export const Config = configSchema(ProviderOptions, Object.fromEntries(BUILT_IN.map((type) => [type, { type }])))
export type Config = z.output<typeof Config>

/** The JSON Schema of `config.json`, for editors: what a person may write, defaults told. */
export function configJsonSchema(): object {
  return { title: 'Tutti configuration', ...z.toJSONSchema(Config, { io: 'input' }) }
}
