import { Argument, type Command } from 'commander'
import { knownRuns, knownTasks } from '../../app/known-names.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { out } from '../terminal.ts'

/** Names that only the workspace knows, one a line: a shell asks for them while somebody types. */
export function define(command: Command, exit: (code: ExitCode) => void): void {
  command
    .option('--workspace <dir>', 'the folder with runs/', '.')
    .addArgument(new Argument('<what>', 'names of what').choices(['tasks', 'runs']))
    .action(async (what: 'tasks' | 'runs', { workspace }: { workspace: string }) => {
      const names = await (what === 'tasks' ? knownTasks : knownRuns)(workspace)
      if (names.length > 0) out(names.join('\n'))
      exit(EXIT.done)
    })
}
