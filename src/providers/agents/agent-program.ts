import { resolve } from 'node:path'
import type { NotStarted } from '../../process/program-end.ts'
import type { Failure } from '../http/chat.ts'
import type { ProviderExtra } from '../provider-type.ts'
import type { AgentCli } from './agent-cli.ts'
import type { AgentOptions } from './agent-options.ts'
import { refused } from './ending.ts'

export type AgentSetup = {
  /** Its name in the configuration, for messages. */
  name: string
  cli: AgentCli
  options: AgentOptions
  extra: ProviderExtra
  /** Between TERM and KILL when an attempt is ended. */
  grace_ms?: number
}

/** A path is relative to the workspace, as all others in the configuration; a name is looked up in PATH. */
export function programOf({ cli, options: { program = cli.program }, extra: { workspace } }: AgentSetup): string {
  return program.includes('/') ? resolve(workspace, program) : program
}

/** An attempt whose program was not started, and what to do about it. */
export function failedToStart({ name, cli }: AgentSetup, { message, why }: NotStarted): Failure {
  if (why === 'missing') return refused('not_installed', howToInstall(name, message))
  return refused('bad_request', why === 'arguments' ? `${message}; ${cli.shorten ?? SHORTEN}` : message)
}

/** What of the task becomes arguments and environment: the prompt does not. */
const SHORTEN = 'shorten "system", "tools" and "params" of the task, and leave control characters out of them'

export function howToInstall(name: string, message: string): string {
  return `${message}; install it, or say where it is with "providers.${name}.program"`
}
