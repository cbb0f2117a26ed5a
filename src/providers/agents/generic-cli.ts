import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AgentCli } from './agent-cli.ts'
import { readGeneric, type Reading } from './generic-reader.ts'
import { fillIn, placesIn, usable, type Argument } from './template.ts'
import { wholePrompt } from './whole-prompt.ts'

type GenericOptions = Reading & { program: string; argv: readonly Argument[] }

/** An agent that is configured, not coded. */
export function genericCli({ program, argv, ...reading }: GenericOptions): AgentCli {
  return {
    program,
    env: [],
    shorten: 'use {prompt_file} in its "argv", or leave the prompt to stdin',
    call: async (task) => {
      const { model, terms, folder } = task
      const prompt = wholePrompt(task)
      const prompt_file = join(folder, 'prompt.md')
      const values = {
        prompt,
        prompt_file,
        model,
        cwd: terms.cwd,
        session: terms.session.id,
        tools: terms.tools?.join(','),
        max_turns: terms.max_turns?.toString(),
        max_cost_usd: terms.max_cost_micro_usd === undefined ? undefined : (terms.max_cost_micro_usd / 1_000_000).toFixed(6),
      }
      const used = usable(argv, values)
      const places = used.flatMap(placesIn)
      if (places.includes('prompt_file')) await writeFile(prompt_file, prompt)
      const isGiven = places.includes('prompt') || places.includes('prompt_file')
      return { args: fillIn(used, values), stdin: isGiven ? '' : prompt }
    },
    read: () => readGeneric(reading),
  }
}
