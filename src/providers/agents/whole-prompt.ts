import type { AgentTask } from './agent-cli.ts'

/** For a CLI that takes no system prompt: what that says, and then the prompt. */
export function wholePrompt({ system, prompt }: AgentTask): string {
  return system === undefined ? prompt : `${system}\n\n${prompt}`
}
