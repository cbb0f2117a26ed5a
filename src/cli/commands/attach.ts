import type { Command } from 'commander'
import { reachConductor } from '../../app/handed-in/reach-conductor.ts'
import type { Doors } from '../command.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { faceFor } from '../face.ts'
import { withFace, workspaceToLookAt } from '../options.ts'
import { err } from '../terminal.ts'
import { withAsking, type AskingOptions } from '../wish-options.ts'

type Options = AskingOptions & { tui: boolean; plain?: boolean }

export function define(command: Command, exit: (code: ExitCode) => void, doors: Doors): void {
  withFace(withAsking(command))
    .addHelpText('after', '\nLeaving it (q, Ctrl-C, a line that drops) changes nothing about the work. Several may look on at once.')
    .action(async (options: Options) => exit(await attach(options, doors)))
}

async function attach(options: Options, doors: Doors): Promise<ExitCode> {
  const workspace = await workspaceToLookAt(options)
  if (workspace === undefined) return EXIT.invalid
  const face = faceFor(options, doors)
  const reached = await reachConductor(workspace, { by: options.by, door: face.face === 'screen' ? 'screen' : 'cli' })
  if (reached === undefined || 'problem' in reached) {
    err(`error: ${reached?.problem ?? 'no conductor works in this workspace; tutti up -d begins one'}`)
    return EXIT.failed
  }
  if (face.face === 'screen') return (await import('../attach-on-screen.ts')).attachOnScreen(face.open, workspace, reached, options.by)
  return (await import('../attach-in-lines.ts')).attachInLines(workspace, reached, face.face)
}
