import type { Command } from 'commander'
import { taskLog } from '../../app/logs.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { findRun } from '../find-run.ts'
import { positiveInteger, withWorkspace, type WorkspaceOptions } from '../options.ts'
import { err, outPiece } from '../terminal.ts'

type Options = WorkspaceOptions & { follow?: boolean; attempt?: number }

export function define(command: Command, exit: (code: ExitCode) => void): void {
  withWorkspace(command)
    .argument('<run>', 'a run, the end of its name, or "last"')
    .argument('<task>', "the task's id")
    .option('-f, --follow', 'go on until the task has ended')
    .option('--attempt <n>', 'an earlier attempt', positiveInteger)
    .action(async (run: string, task: string, options: Options) => exit(await logs(run, task, options)))
}

async function logs(reference: string, task: string, options: Options): Promise<ExitCode> {
  const found = await findRun(options, reference)
  if (found === undefined) return EXIT.invalid
  const log = await taskLog(found.workspace, found.folder, task, options.attempt, options.follow === true)
  if ('problem' in log) {
    err(`error: ${log.problem}`)
    return EXIT.invalid
  }
  let last = '\n'
  for await (const piece of log.pieces) {
    outPiece(piece)
    last = piece
  }
  if (!last.endsWith('\n')) outPiece('\n')
  return EXIT.done
}
