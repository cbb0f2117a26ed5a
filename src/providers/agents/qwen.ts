import * as z from 'zod'
import { defineProvider } from '../provider-type.ts'
import { agentOptions } from './agent-options.ts'

export const qwen = defineProvider(
  z.strictObject({
    type: z.literal('qwen').describe('The agent qwen (Qwen Code), by its command line.'),
    ...agentOptions,
    approval_mode: z
      .enum(['plan', 'default', 'auto-edit', 'auto', 'yolo'])
      .optional()
      .describe('What it may do without asking, as nobody is there to ask: from reading only to everything; as its own settings say where absent.'),
  }),
  async (name, options, extra) => {
    const [{ createAgent }, { qwenCli }] = await Promise.all([import('./agent.ts'), import('./qwen-cli.ts')])
    return createAgent({ name, cli: qwenCli(options), options, extra })
  },
  { agent: {} },
)
