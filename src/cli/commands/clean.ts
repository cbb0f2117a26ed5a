import type { Command } from 'commander'
import { deleteRuns, oldRuns } from '../../app/clean.ts'
import { plural } from '../../core/units.ts'
import { conductAlone } from '../as-conductor.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { wholeNumber, withWorkspace, workspaceOf, type WorkspaceOptions } from '../options.ts'
import { err, out } from '../terminal.ts'

type Options = WorkspaceOptions & { days: number; dryRun?: boolean }

export function define(command: Command, exit: (code: ExitCode) => void): void {
  withWorkspace(command)
    .option('--days <n>', 'runs that ended more than so many days ago', wholeNumber, 30)
    .option('--dry-run', 'name them, and delete nothing')
    .addHelpText('after', '\nRuns that can still be resumed are never deleted.')
    .action(async (options: Options) => exit(await clean(options)))
}

async function clean(options: Options): Promise<ExitCode> {
  const workspace = await workspaceOf(options)
  if (workspace === undefined) return EXIT.invalid
  return conductAlone(workspace, async () => {
    const old = await oldRuns(workspace, options.days, Date.now())
    for (const { id, ended } of old) out(`${id}  ended ${ended}`)
    if (options.dryRun !== true) await deleteRuns(old)
    err(`${plural(old.length, 'run')} ${options.dryRun === true ? 'would be deleted' : 'deleted'}`)
    return EXIT.done
  })
}
