import type { Command } from 'commander'
import { followEvents } from '../../app/logs.ts'
import { eventsOfRun } from '../../app/runs.ts'
import type { Event } from '../../core/events.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { findRun } from '../find-run.ts'
import { wholeNumber, withWorkspace, type WorkspaceOptions } from '../options.ts'
import { eventPrinter, isAbout } from '../print-events.ts'

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
  const isMeant = (event: Event) => task === undefined || isAbout(event, task)
  const past = await eventsOfRun(folder)
  const shown = past.filter(isMeant)
  const firstOfLast = (count: number) => (count === 0 ? past.length + 1 : (shown.at(-count)?.seq ?? 1))
  const from = number === undefined ? 1 : firstOfLast(number)
  const print = eventPrinter(options.json === true, (event) => event.seq >= from && isMeant(event))
  if (options.follow === true) for await (const event of followEvents(workspace, folder)) print(event)
  else for (const event of past) print(event)
  return EXIT.done
}
