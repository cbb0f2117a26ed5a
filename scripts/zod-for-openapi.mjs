// What @hono/zod-openapi uses of Zod. It asks for the whole namespace as a value, which no bundler can shake: every
// command that reads a schema would load all of Zod and its fifty languages.
import { ZodType } from 'zod'

export const z = { ZodType }
