import * as z from 'zod'
import { defineProvider } from '../provider-type.ts'
import { agentOptions } from './agent-options.ts'

export const opencode = defineProvider(
  z.strictObject({
    type: z
      .literal('opencode')
      .describe('The agent opencode, by its command line. It takes no limit of turns and no list of tools, and runs commands unless its own settings forbid it.'),
    ...agentOptions,
  }),
  async (name, options, extra) => {
    const [{ createAgent }, { opencodeCli }] = await Promise.all([import('./agent.ts'), import('./opencode-cli.ts')])
    return createAgent({ name, cli: opencodeCli, options, extra })
  },
  { agent: { cap_usd: 1 } },
)
