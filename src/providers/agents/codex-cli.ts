import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { Provider, AttemptRequest } from '../provider.ts'
import type { ProviderExtra } from '../provider-type.ts'
import type { AgentCli } from './agent-cli.ts'
import { createAgent } from './agent.ts'
import type { AgentOptions } from './agent-options.ts'
import { readCodex } from './codex-reader.ts'
import { wholePrompt } from './whole-prompt.ts'

type CodexOptions = AgentOptions & { sandbox: string }

/** `codex exec`. The id of a session is its own to choose, so an attempt that was interrupted begins anew. */
function cliOf({ sandbox }: CodexOptions): AgentCli {
  return {
    program: 'codex',
    env: ['CODEX_HOME', 'CODEX_API_KEY', 'OPENAI_API_KEY', 'OPENAI_BASE_URL'],
    call: (task) => {
      const { model, args } = task
      const chosen = model === undefined ? [] : ['-m', model]
      return { args: ['exec', '--json', '--skip-git-repo-check', '-s', sandbox, ...chosen, ...args, '-'], stdin: wholePrompt(task) }
    },
    read: readCodex,
  }
}

/**
 * OpenAI's agent. With its home below the folder for temporary files its sandbox does not work: every command fails,
 * and it ends as if all were well. So it is not started then.
 */
export function createCodex(name: string, options: CodexOptions, extra: ProviderExtra): Provider {
  const agent = createAgent({ name, cli: cliOf(options), options, extra })
  const problemOf = (env: Readonly<Record<string, string>>) => {
    const home = homeOf({ ...process.env, ...env })
    if (options.sandbox === 'danger-full-access' || !['/tmp', tmpdir()].some((folder) => isBelow(folder, home))) return undefined
    return `the sandbox of codex does not work with its home in "${home}": set CODEX_HOME to a folder that is not for temporary files`
  }
  return {
    ...agent,
    run: async (request, io) => {
      const message = problemOf(environmentOf(request))
      return message === undefined ? agent.run(request, io) : { result: 'failed', kind: 'bad_request', message, unspent: true }
    },
    health: async (signal) => {
      const detail = problemOf({})
      return detail === undefined ? agent.health(signal) : { state: 'misconfigured', detail }
    },
  }
}

function environmentOf({ work }: AttemptRequest): Readonly<Record<string, string>> {
  return work.kind === 'prompt' ? (work.agent?.env ?? {}) : {}
}

function homeOf({ CODEX_HOME = '', HOME = '' }: Readonly<Record<string, string | undefined>>): string {
  return CODEX_HOME === '' ? join(HOME, '.codex') : CODEX_HOME
}

function isBelow(folder: string, path: string): boolean {
  return !relative(folder, path).startsWith('..')
}
