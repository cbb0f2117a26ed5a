import type { Command } from 'commander'
import type { OpenControl } from '../app/control-door.ts'
import type { OpenScreen } from '../app/screen.ts'
import type { ExitCode } from './exit-code.ts'

/** What the program is given from outside: the screen and the control server are other faces, which the CLI only opens. */
export type Doors = { openScreen?: OpenScreen; openControl?: OpenControl }

/** One command of the CLI. It lives in a file of its own and is listed in `program.ts`. */
export type CommandModule = {
  /** Gives the command its arguments, options and action; the action says with which code to exit. */
  define: (command: Command, exit: (code: ExitCode) => void, doors: Doors) => void
}
