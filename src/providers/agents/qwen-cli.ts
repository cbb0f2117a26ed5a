import type { AgentCli } from './agent-cli.ts'
import { commonArguments } from './gemini-and-qwen.ts'
import { readQwen } from './qwen-reader.ts'
import { wholePrompt } from './whole-prompt.ts'

/** Qwen Code. It reads the prompt from stdin when that is no terminal. */
export function qwenCli({ approval_mode }: { approval_mode?: string | undefined }): AgentCli {
  return {
    program: 'qwen',
    env: ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_MODEL', 'DASHSCOPE_API_KEY', 'QWEN_HOME'],
    call: (task) => {
      const { max_turns } = task.terms
      const turns = max_turns === undefined ? [] : ['--max-session-turns', String(max_turns)]
      return { args: [...commonArguments(task, approval_mode), ...turns, ...task.args], stdin: wholePrompt(task) }
    },
    read: readQwen,
  }
}
