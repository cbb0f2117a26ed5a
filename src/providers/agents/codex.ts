import * as z from 'zod'
import { defineProvider } from '../provider-type.ts'
import { agentOptions } from './agent-options.ts'

export const codex = defineProvider(
  z.strictObject({
    type: z.literal('codex').describe('The agent codex of OpenAI, by its command line. It takes no limit of turns and no list of tools.'),
    ...agentOptions,
    sandbox: z
      .enum(['read-only', 'workspace-write', 'danger-full-access'])
      .default('workspace-write')
      .describe('What its commands may do: read, write in the folder it works in, or everything. Only the last lets them use the network.'),
  }),
  async (name, options, extra) => {
    const { createCodex } = await import('./codex-cli.ts')
    return createCodex(name, options, extra)
  },
  { agent: { vendor: 'openai' } },
)
