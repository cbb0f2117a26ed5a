import type { Command } from 'commander'
import { plural } from '../../core/units.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { loadToRun } from '../load-checked.ts'
import { withParams, withWorkspace, workspaceOf, type WorkspaceOptions } from '../options.ts'
import { out } from '../terminal.ts'

type Options = WorkspaceOptions & { param?: Record<string, string> }

export function define(command: Command, exit: (code: ExitCode) => void): void {
  withParams(withWorkspace(command))
    .argument('<path...>', 'task files, or folders of them')
    .action(async (paths: string[], options: Options) => exit(await validate(paths, options)))
}

async function validate(paths: readonly string[], options: Options): Promise<ExitCode> {
  const workspace = await workspaceOf(options)
  const checked = workspace === undefined ? undefined : await loadToRun(workspace, paths, options.param ?? {})
  if (checked === undefined) return EXIT.invalid
  const { plan } = checked.loaded
  const { warnings } = checked
  const verdict = warnings === 0 ? 'nothing wrong' : `no error, ${plural(warnings, 'warning')}`
  out(`${plural(plan.tasks.length, 'task')} in ${plural(plan.files.length, 'file')}: ${verdict}`)
  return EXIT.done
}
