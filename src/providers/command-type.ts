import * as z from 'zod'
import { defineProvider } from './provider-type.ts'

/** The type is apart from the provider: what runs programs is loaded with the first command provider, not with the configuration. */
export const command = defineProvider(
  z.strictObject({
    type: z.literal('command').describe('Runs the commands of tasks on this machine.'),
    env: z
      .array(z.string())
      .optional()
      .describe('Names of environment variables that hold secrets and that commands may see all the same.'),
    max_output_bytes: z.number().int().positive().optional().describe("Bytes of a command's output that are kept; the middle is left out."),
  }),
  async (name, { env, max_output_bytes }, extra) => {
    const { createCommand } = await import('./command.ts')
    const most = max_output_bytes ?? extra.max_output_bytes
    return createCommand({
      name,
      secrets: extra.secrets,
      ...(env === undefined ? {} : { env }),
      ...(most === undefined ? {} : { max_output_bytes: most }),
    })
  },
)
