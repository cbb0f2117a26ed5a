import { InvalidArgumentError, Option, type Command } from 'commander'
import { openWorkspace, type Workspace } from '../app/workspace.ts'
import type { RunChoices } from '../app/settings.ts'
import { Role } from '../core/caller.ts'
import { complain, speakInWords } from './terminal.ts'

/** Options that every command has. */
export type WorkspaceOptions = { workspace: string }

export function withWorkspace(command: Command): Command {
  return command.option('--workspace <dir>', 'the folder with config.json, tasks/ and runs/', '.')
}

/** The same for a command that has commands of its own: before or behind their names. They read it by `optsWithGlobals`. */
export function withSharedWorkspace(command: Command): void {
  withWorkspace(command).configureHelp({ showGlobalOptions: true })
}

/** Options of the commands that conduct. */
export type ConductOptions = WorkspaceOptions & {
  tui: boolean
  plain?: boolean
  json?: boolean
  concurrency?: number
  provider?: string
  model?: string
  param?: Record<string, string>
  yes?: boolean
  cache?: boolean
  listen?: string
}

export function withConductOptions(command: Command): Command {
  return withFace(withWorkspace(command))
    .option('--json', 'print events as JSON on stdout, and nothing else')
    .option('--concurrency <n>', 'attempts that may run at once', positiveInteger)
    .option('--provider <name>', 'run every prompt on this provider')
    .option('--model <name>', 'run every prompt on this model')
    .option('--no-cache', 'ask again, and use no answers of earlier runs')
    .option('--yes', 'approve everything that asks for it')
    .option('--listen <host:port>', 'let programs with a token in over the network, too')
}

/** Options of the commands that open the full-screen page. */
export function withFace(command: Command): Command {
  return command
    .option('--no-tui', 'never open the full-screen page')
    .option('--plain', 'whole lines in words, for screen readers')
    .on('option:plain', speakInWords)
}

export function withParams(command: Command): Command {
  return command.option('--param <k=v>', 'a value for {{k}} in prompts (repeatable)', collectParam)
}

/** What the options say about the run. */
export function choicesOf({ provider, model, concurrency, yes, cache }: ConductOptions): RunChoices {
  return { provider, model, concurrency, yes, cache }
}

/** Opens the workspace that the options name, or complains. */
export async function workspaceOf({ workspace }: WorkspaceOptions, choices: RunChoices = {}): Promise<Workspace | undefined> {
  const opened = await openWorkspace(workspace, choices, process.env)
  if (!('problems' in opened)) return opened
  complain(opened.problems)
  return undefined
}

/** The same for commands that only look at runs: a broken configuration does not keep them from it. */
export async function workspaceToLookAt({ workspace }: WorkspaceOptions): Promise<Workspace | undefined> {
  const opened = await openWorkspace(workspace, {}, process.env)
  if (!('problems' in opened)) return opened
  const without = await openWorkspace(workspace, {}, {}, 'ignored')
  complain(opened.problems, 'problems' in without ? 'error' : 'warning')
  return 'problems' in without ? undefined : without
}

/** A number of at least 1. */
export function positiveInteger(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It has to be a whole number from 1 on.')
  return number
}

/** A number of at least 0. */
export function wholeNumber(text: string): number {
  const number = Number(text)
  if (text === '' || !Number.isInteger(number) || number < 0) throw new InvalidArgumentError('It has to be a whole number from 0 on.')
  return number
}

/** Options of the commands that let somebody in. */
export type AccessOptions = WorkspaceOptions & { role: Role; project?: string[] }

export function withAccessOptions(command: Command): Command {
  return command
    .addOption(new Option('--role <role>', 'viewer: look; operator: answer and steer too; admin: change budgets and configuration too (required)').choices(Role.options).makeOptionMandatory())
    .option('--project <name>', 'limit it to this project (repeatable)', collect)
}

function collect(text: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), text]
}

function collectParam(text: string, earlier: Record<string, string> = {}): Record<string, string> {
  const [, name, value] = /^([^=]+)=([\s\S]*)$/.exec(text) ?? []
  if (name === undefined || value === undefined) throw new InvalidArgumentError('It has to look like name=value.')
  return { ...earlier, [name]: value }
}
