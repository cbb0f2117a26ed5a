import type { AgentCli } from './agent-cli.ts'
import { commonArguments } from './gemini-and-qwen.ts'
import { readGemini } from './gemini-reader.ts'
import { wholePrompt } from './whole-prompt.ts'

const KEYS = ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_APPLICATION_CREDENTIALS']
const SERVERS = ['GEMINI_CLI_HOME', 'GOOGLE_GEMINI_BASE_URL', 'GOOGLE_GENAI_USE_VERTEXAI', 'GOOGLE_CLOUD_PROJECT', 'GOOGLE_CLOUD_LOCATION']

/** Google's agent. It reads the prompt from stdin when that is no terminal. */
export function geminiCli({ approval_mode }: { approval_mode?: string | undefined }): AgentCli {
  return {
    program: 'gemini',
    env: [...KEYS, ...SERVERS],
    call: (task) => ({
      // In a folder that nobody has called trusted it would do nothing.
      args: ['--skip-trust', ...commonArguments(task, approval_mode), ...task.args],
      stdin: wholePrompt(task),
    }),
    read: readGemini,
  }
}
