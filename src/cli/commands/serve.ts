import type { Command } from 'commander'
import type { Doors } from '../command.ts'
import type { ExitCode } from '../exit-code.ts'
import { withConductOptions } from '../options.ts'
import { up, withDetach, type UpOptions } from './up.ts'

/** Only programs on this machine, until somebody says otherwise. */
const HERE = '127.0.0.1:5200'

export function define(command: Command, exit: (code: ExitCode) => void, doors: Doors): void {
  withDetach(withConductOptions(command))
    .addHelpText('after', `\nWithout --listen and without remote.listen in config.json it listens on ${HERE}.\nTo let somebody in: tutti token create --role operator`)
    .action(async (options: UpOptions) => exit(await up(options, doors, HERE)))
}
