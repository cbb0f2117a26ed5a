import type { Argument, Command, Option } from 'commander'

/*
 * What there is to complete, read off the commands as they are defined.
 */

/** What a shell offers for a word. `text`: nothing, only the person knows. */
export type Offer = 'files' | 'folders' | 'tasks' | 'runs' | 'text' | { choices: readonly string[] }

export type CompletedOption = {
  /** `-f`, `--follow`. */
  names: string[]
  summary: string
  /** What its value may be; undefined where it has none. */
  value: Offer | undefined
}

export type CompletedCommand = {
  /** The words that lead to it: none for the program itself, `cache prune` for a command of a command. */
  words: string[]
  summary: string
  options: CompletedOption[]
  /** What its arguments may be, in their order. */
  arguments: Offer[]
  /** The last of them may come any number of times. */
  isVariadic: boolean
  /** Names and summaries of its own commands. */
  commands: { name: string; summary: string }[]
}

/** All commands, the program itself first. Those that are hidden are none. */
export function commandsOf(program: Command): CompletedCommand[] {
  return walk(program, [])
}

function walk(command: Command, words: string[]): CompletedCommand[] {
  const help = command.createHelp()
  const own = help.visibleCommands(command).filter((other) => other.name() !== 'help')
  const { registeredArguments } = command
  const completed: CompletedCommand = {
    words,
    summary: firstSentence(command.summary() === '' ? command.description() : command.summary()),
    options: help.visibleOptions(command).map(optionOf),
    arguments: registeredArguments.map(offerOf),
    isVariadic: registeredArguments.at(-1)?.variadic === true,
    commands: own.map((other) => ({ name: other.name(), summary: firstSentence(other.summary() === '' ? other.description() : other.summary()) })),
  }
  return [completed, ...own.flatMap((other) => walk(other, [...words, other.name()]))]
}

function optionOf(option: Option): CompletedOption {
  const names = [option.short, option.long].filter((name) => typeof name === 'string')
  return { names, summary: firstSentence(option.description), value: option.required || option.optional ? offerFor(option.attributeName(), option.argChoices) : undefined }
}

function offerOf(argument: Argument): Offer {
  return offerFor(argument.name(), argument.argChoices)
}

/** Arguments and options of one name mean the same in all commands. */
const OFFERS: Readonly<Record<string, Offer>> = { path: 'files', file: 'files', workspace: 'folders', to: 'folders', task: 'tasks', run: 'runs' }

function offerFor(name: string, choices: readonly string[] | undefined): Offer {
  return choices === undefined ? (OFFERS[name] ?? 'text') : { choices }
}

function firstSentence(text: string): string {
  return text.split(/[;\n]/)[0]?.trim() ?? ''
}
