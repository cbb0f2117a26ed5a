import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Provider } from '../provider.ts'
import type { ProviderExtra } from '../provider-type.ts'
import type { AgentCli } from './agent-cli.ts'
import { createAgent } from './agent.ts'
import type { AgentOptions } from './agent-options.ts'
import { readCodex } from './codex-reader.ts'
import { contains } from './roots.ts'
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
  const problem = () => sandboxProblem(options, extra)
  const agent = createAgent({ name, cli: { ...cliOf(options), refuse: problem }, options, extra })
  return {
    ...agent,
    health: (signal) => (problem() === undefined ? agent.health(signal) : Promise.resolve({ state: 'misconfigured', detail: `${name} ${problem()}` })),
  }
}

function sandboxProblem({ sandbox }: CodexOptions, { environment }: ProviderExtra): string | undefined {
  const { CODEX_HOME = '', HOME = '' } = environment
  const home = CODEX_HOME === '' ? join(HOME, '.codex') : CODEX_HOME
  if (sandbox === 'danger-full-access' || !['/tmp', tmpdir()].some((folder) => contains(folder, home))) return undefined
  return `has a sandbox that does not work with its home in "${home}": set CODEX_HOME to a folder that is not for temporary files`
}
