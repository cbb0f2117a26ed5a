import * as z from 'zod'
import { defineProvider } from '../provider-type.ts'
import { agentOptions } from './agent-options.ts'

const PERMISSION_MODES = ['default', 'acceptEdits', 'plan', 'bypassPermissions'] as const

/** The type is apart from the provider: what runs programs and reads their lines is loaded with the first agent. */
export const claudeCode = defineProvider(
  z.strictObject({
    type: z.literal('claude-code').describe('Claude Code, the agent of Anthropic: "claude -p".'),
    permission_mode: z
      .enum(PERMISSION_MODES)
      .default('acceptEdits')
      .describe(
        "What it may do without asking, beside a task's tools: nothing (default), change files below its folder (acceptEdits), look only (plan), everything (bypassPermissions). A task may choose another by its permission_mode, but this last one only where it stands here.",
      ),
    ...agentOptions,
  }),
  async (name, options, extra) => {
    const [{ createAgent }, { claudeCli }] = await Promise.all([import('./agent.ts'), import('./claude-cli.ts')])
    return createAgent({ name, cli: claudeCli(options, PERMISSION_MODES), options, extra })
  },
  { agent: { vendor: 'anthropic', cap_usd: 1 } },
)
