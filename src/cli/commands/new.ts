import type { Command } from 'commander'
import { listTemplates, writeTemplate } from '../../app/templates.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { err, out } from '../terminal.ts'

export function define(command: Command, exit: (code: ExitCode) => void): void {
  command
    .argument('[template]', 'which sample', 'prompt')
    .option('--to <dir>', 'the folder to write it into', '.')
    .addHelpText('after', '\nWrites a copy of one of the files in tasks/examples/; `tutti new ?` lists them.')
    .action(async (template: string, options: { to: string }) => exit(await create(template, options.to)))
}

async function create(name: string, folder: string): Promise<ExitCode> {
  const templates = await listTemplates()
  const template = templates.find((candidate) => candidate.name === name)
  if (template === undefined) {
    err(`${name === '?' ? '' : `error: there is no sample "${name}"; `}samples: ${templates.map((each) => each.name).join(', ')}`)
    return name === '?' ? EXIT.done : EXIT.invalid
  }
  const path = await writeTemplate(template, folder)
  out(`${path}\nEdit it, then: tutti run ${path}   (or drop it into tasks/pending/ while tutti watch runs)`)
  return EXIT.done
}
