import * as z from 'zod'
import { defineProvider } from '../provider-type.ts'
import { agentOptions } from './agent-options.ts'
import { PLACEHOLDERS, placesIn } from './template.ts'

const { model, env, roots, max_cost_usd, free } = agentOptions
const PLACES = PLACEHOLDERS.map((name) => `{${name}}`).join(', ')

const argument = z.string().refine((part) => placesIn(part).every((name) => PLACEHOLDERS.some((known) => known === name)), {
  error: `may hold places for ${PLACES}, and nothing else in braces`,
})
const path = (what: string) => z.string().min(1).optional().describe(`Path of ${what}`)

export const agent = defineProvider(
  z.strictObject({
    type: z.literal('agent').describe('Any other agent with a command line that takes a prompt and ends.'),
    program: z.string().min(1).describe('Its program: a name in PATH, or a path, absolute or relative to the workspace. It has to know --version.'),
    argv: z
      .array(z.union([argument, z.array(argument)]))
      .default([])
      .describe(
        `Its arguments, with places for ${PLACES}. One with a place for what a task does not have is left out; a list of arguments, such as ["--model", "{model}"], as a whole. The prompt goes to stdin where there is no place for it.`,
      ),
    output: z
      .enum(['text', 'json', 'jsonl'])
      .default('text')
      .describe('What it prints: its answer, one JSON value, or one on each line, of which the last that has something at a path counts.'),
    paths: z
      .strictObject({
        text: path('the answer; where absent, all of the output is the answer.'),
        error: path('the message that says what went wrong.'),
        input_tokens: path('the number of all input tokens, cached ones included.'),
        cached_tokens: path('the number of cached input tokens.'),
        output_tokens: path('the number of output tokens.'),
        cost_usd: path('the cost in US dollars, where 0 counts as not known.'),
      })
      .prefault({})
      .describe('Paths to where things stand in the JSON that it prints, such as "result.usage.input_tokens" or "items[0].text".'),
    model,
    env,
    roots,
    max_cost_usd,
    free,
  }),
  async (name, options, extra) => {
    const [{ createAgent }, { genericCli }] = await Promise.all([import('./agent.ts'), import('./generic-cli.ts')])
    return createAgent({ name, cli: genericCli(options), options: { ...options, args: [] }, extra })
  },
  { agent: {} },
)
