import type { Command } from 'commander'
import { validateArtifacts } from '../../app/artifacts.ts'
import { plural } from '../../core/units.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { findRun } from '../find-run.ts'
import { withWorkspace, type WorkspaceOptions } from '../options.ts'
import { out, styleOf } from '../terminal.ts'

export function define(command: Command, exit: (code: ExitCode) => void): void {
  withWorkspace(command)
    .argument('[run]', 'a run, or the end of its name', 'last')
    .action(async (reference: string, options: WorkspaceOptions) => exit(await validate(reference, options)))
}

async function validate(reference: string, options: WorkspaceOptions): Promise<ExitCode> {
  const found = await findRun(options, reference)
  if (found === undefined) return EXIT.invalid
  const { folder } = found
  const style = styleOf(process.stdout)
  const verdicts = await validateArtifacts(folder)
  const bad = verdicts.filter(({ verdict }) => verdict !== 'intact')
  for (const { path, verdict } of bad) out(`${style.sign('failed')} ${path}: ${verdict}`)
  out(`run ${folder.id}: ${plural(verdicts.length, 'file')}, ${bad.length === 0 ? 'all intact' : `${bad.length} not as recorded`}`)
  return bad.length === 0 ? EXIT.done : EXIT.failed
}
