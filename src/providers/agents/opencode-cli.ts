import type { AgentCli } from './agent-cli.ts'
import { readOpencode } from './opencode-reader.ts'
import { wholePrompt } from './whole-prompt.ts'

/** `opencode run`, which reads the prompt from stdin when that is no terminal. Keys of model servers are the configuration's to name. */
export const opencodeCli: AgentCli = {
  program: 'opencode',
  env: ['OPENCODE_API_KEY', 'OPENCODE_CONFIG', 'OPENCODE_CONFIG_CONTENT', 'OPENCODE_CONFIG_DIR', 'OPENCODE_PERMISSION'],
  call: (task) => {
    const { model, args, terms } = task
    // A session without a title is given one by a model, which is paid for and not told.
    const own = ['--title', `tutti ${terms.session.id}`, ...(model === undefined ? [] : ['-m', model])]
    return { args: ['run', '--format', 'json', ...own, ...args], stdin: wholePrompt(task) }
  },
  read: readOpencode,
}
