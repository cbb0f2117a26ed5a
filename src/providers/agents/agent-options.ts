import * as z from 'zod'

/** What every type of agent takes in the configuration, beside its `type`. */
export const agentOptions = {
  program: z.string().min(1).optional().describe("The agent's program: a name in PATH, or a path, absolute or relative to the workspace."),
  model: z.string().min(1).optional().describe("The model, where a task or tier names none; the agent's own default where absent."),
  args: z.array(z.string()).default([]).describe('Further arguments of every call.'),
  env: z
    .array(z.string().min(1))
    .default([])
    .describe('Names of environment variables that the agent may see, beside the few that it needs.'),
  roots: z
    .array(z.string().min(1))
    .min(1)
    .default(['.'])
    .describe('Folders that the agent may be started in, and below, absolute or relative to the workspace; the workspace where absent.'),
  max_cost_usd: z.number().positive().optional().describe('The most one attempt may cost, in US dollars; it is set aside while the attempt runs. Where absent, claude-code and opencode take 1; the others need it, unless they are free. Claude Code is told 80 % of it.'),
  free: z.boolean().default(false).describe('Nothing is paid by use: a subscription, or a model of your own.'),
}

export type AgentOptions = z.infer<z.ZodObject<typeof agentOptions>>
