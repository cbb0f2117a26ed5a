import type { FailureKind } from '../../core/outcome.ts'
import type { ProgramEnd } from '../../process/program-end.ts'
import type { AgentTask } from './agent-cli.ts'
import { brief } from './tool-use.ts'

/*
 * What gemini (https://github.com/google-gemini/gemini-cli) and qwen (https://github.com/QwenLM/qwen-code), a fork of
 * it, have in common.
 */

/** The arguments by which both are told what they print, with which model, and what they may do. */
export function commonArguments({ model, terms: { tools = [] } }: AgentTask, approval_mode: string | undefined): string[] {
  return [
    '--output-format',
    'stream-json',
    ...(model === undefined ? [] : ['--model', model]),
    ...(approval_mode === undefined ? [] : ['--approval-mode', approval_mode]),
    // With "=": a list would take what follows it too.
    ...tools.map((tool) => `--allowed-tools=${tool}`),
  ]
}

/** Exit codes of their own (packages/core/src/utils/errors.ts). */
const KIND_BY_EXIT: Readonly<Record<number, FailureKind>> = {
  41: 'auth',
  // Input and settings that would be refused again.
  42: 'bad_request',
  52: 'bad_request',
  // Turns; with qwen tool calls and time too.
  53: 'limit_reached',
  55: 'limit_reached',
}

/** What kind of failure the exit code tells, where it is one of their own. */
export function kindOfExit(end: ProgramEnd['end']): FailureKind | undefined {
  return end.how === 'exited' ? KIND_BY_EXIT[end.code] : undefined
}

export function describeDenied(tools: readonly string[]): string {
  return `it was not allowed to use ${brief(tools.join(', '))}; name it in the task's "tools", or set "approval_mode"`
}
