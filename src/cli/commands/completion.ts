import { Argument, type Command } from 'commander'
import { bashScript } from '../completion/bash.ts'
import { commandsOf } from '../completion/commands-of.ts'
import { fishScript } from '../completion/fish.ts'
import { zshScript } from '../completion/zsh.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { outPiece } from '../terminal.ts'

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const
type Shell = keyof typeof SCRIPTS

const HOW = `
To use it: bash   source <(tutti completion bash)      in ~/.bashrc
           zsh    source <(tutti completion zsh)       in ~/.zshrc, behind compinit
           fish   tutti completion fish > ~/.config/fish/completions/tutti.fish`

/** The program has loaded all commands for it. */
export function define(command: Command, exit: (code: ExitCode) => void): void {
  command
    .addArgument(new Argument('<shell>', 'which one').choices(Object.keys(SCRIPTS)))
    .addHelpText('after', HOW)
    .action((shell: Shell) => {
      outPiece(SCRIPTS[shell](commandsOf(command.parent ?? command)))
      exit(EXIT.done)
    })
}
