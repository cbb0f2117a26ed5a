import type { Command } from 'commander'
import { followEvents } from '../../app/logs.ts'
import { eventsOfRun } from '../../app/runs.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { findRun } from '../find-run.ts'
import { wholeNumber, withWorkspace, type WorkspaceOptions } from '../options.ts'
import { eventPrinter, isAbout, printEvents } from '../print-events.ts'

type Options = WorkspaceOptions & { run: string; task?: string; number?: number; follow?: boolean; json?: boolean }

export function define(command: Command, exit: (code: ExitCode) => void): void {
  withWorkspace(command)
    .option('--run <run>', 'a run, or the end of its name', 'last')
    .option('--task <task>', 'only events about this task')
    .option('-n, --number <n>', 'only the last n', wholeNumber)
    .option('-f, --follow', 'go on until the run is over')
    .option('--json', 'print events as JSON')
    .action(async (options: Options) => exit(await events(options)))
}

async function events(options: Options): Promise<ExitCode> {
  const found = await findRun(options, options.run)
  if (found === undefined) return EXIT.invalid
  const { workspace, folder } = found
  const { task, number } = options
  const json = options.json === true
  const past = (await eventsOfRun(folder)).filter((event) => task === undefined || isAbout(event, task))
  printEvents(number === undefined ? past : past.slice(Math.max(0, past.length - number)), json)
  if (options.follow !== true) return EXIT.done

  const print = eventPrinter(json)
  const seen = past.at(-1)?.seq ?? 0
  for await (const event of followEvents(workspace, folder)) {
    if (event.seq > seen && (task === undefined || isAbout(event, task))) print(event)
  }
  return EXIT.done
}
