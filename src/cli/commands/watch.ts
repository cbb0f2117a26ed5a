import type { Command } from 'commander'
import { conductAlone } from '../as-conductor.ts'
import type { Doors } from '../command.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { faceFor } from '../face.ts'
import { choicesOf, withConductOptions, workspaceOf, type ConductOptions } from '../options.ts'
import { complain } from '../terminal.ts'

export function define(command: Command, exit: (code: ExitCode) => void, doors: Doors): void {
  withConductOptions(command).action(async (options: ConductOptions) => exit(await watch(options, doors)))
}

/** What is waited for, and what to do. */
const WAITING = `watching tasks/
Drop a task file there, and it runs.
To write a first one: tutti new prompt`

async function watch(options: ConductOptions, doors: Doors): Promise<ExitCode> {
  const workspace = await workspaceOf(options, { ...choicesOf(options), when_held: 'stay' })
  if (workspace === undefined) return EXIT.invalid
  complain(workspace.warnings, 'warning')
  const face = faceFor(options, doors)
  return conductAlone(workspace, async () => {
    if (face.face !== 'screen') return (await import('../watch-in-lines.ts')).watchInLines(workspace, face.face, { doors, listen: options.listen })
    // The page is there before all that conducts is loaded.
    const screen = await face.open({ workspace, waiting: WAITING })
    return (await import('../watch-on-screen.ts')).watchOnScreen(screen, workspace, { doors, listen: options.listen })
  })
}
