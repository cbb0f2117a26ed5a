import type { Command } from 'commander'
import { startInBackground } from '../background.ts'
import { conductAlone } from '../as-conductor.ts'
import type { Doors } from '../command.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import type { Spoken } from '../face.ts'
import { choicesOf, withConductOptions, workspaceOf, type ConductOptions } from '../options.ts'
import { complain } from '../terminal.ts'

export type UpOptions = ConductOptions & { detach?: boolean }

export function define(command: Command, exit: (code: ExitCode) => void, doors: Doors): void {
  withDetach(withConductOptions(command)).action(async (options: UpOptions) => exit(await up(options, doors)))
}

export function withDetach(command: Command): Command {
  return command.option('-d, --detach', 'in the background: it speaks into runs/conductor.log, tutti attach shows it, tutti stop ends it')
}

/** Watches without a page. Whoever starts it may go away. @param listen where it lets programs in, if nothing else says */
export async function up(options: UpOptions, doors: Doors, listen?: string): Promise<ExitCode> {
  const workspace = await workspaceOf(options, { ...choicesOf(options), when_held: 'stay' })
  if (workspace === undefined) return EXIT.invalid
  if (options.detach === true) return startInBackground(workspace)
  complain(workspace.warnings, 'warning')
  const spoken: Spoken = options.json === true ? 'json' : options.plain === true ? 'plain' : 'lines'
  return conductAlone(workspace, async () => (await import('../watch-in-lines.ts')).watchInLines(workspace, spoken, { doors, listen: options.listen ?? workspace.config.remote.listen ?? listen }))
}
