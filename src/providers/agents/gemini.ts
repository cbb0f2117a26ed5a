import * as z from 'zod'
import { defineProvider } from '../provider-type.ts'
import { agentOptions } from './agent-options.ts'

export const gemini = defineProvider(
  z.strictObject({
    type: z.literal('gemini').describe('The agent gemini of Google, by its command line. It takes no limit of turns.'),
    ...agentOptions,
    approval_mode: z
      .enum(['plan', 'default', 'auto_edit', 'yolo'])
      .optional()
      .describe('What it may do without asking, as nobody is there to ask: read, edit files too, or everything; as its own settings say where absent.'),
  }),
  async (name, options, extra) => {
    const [{ createAgent }, { geminiCli }] = await Promise.all([import('./agent.ts'), import('./gemini-cli.ts')])
    return createAgent({ name, cli: geminiCli(options), options, extra })
  },
  { agent: { vendor: 'google' } },
)
