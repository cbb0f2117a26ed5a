import { z } from 'zod'
import { configSchema } from '../config/schema.ts'
import { ProviderOptions } from '../providers/registry.ts'

/** The schema of `config.json`, providers included. */
export const Config = configSchema(ProviderOptions)
export type Config = z.output<typeof Config>

/** The JSON Schema of `config.json`, for editors: what a person may write, defaults told. */
export function configJsonSchema(): object {
  return { title: 'Tutti configuration', ...z.toJSONSchema(Config, { io: 'input' }) }
}
