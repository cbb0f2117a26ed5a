import type { Command } from 'commander'
import type { ExitCode } from './exit-code.ts'

/** One command of the CLI. It lives in a file of its own and is listed in `program.ts`. */
export type CommandModule = {
  /** Gives the command its arguments, options and action; the action says with which code to exit. */
  define: (command: Command, exit: (code: ExitCode) => void) => void
}
