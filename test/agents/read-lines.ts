import type { ProgramEnd } from '../../src/process/program-end.ts'
import type { AgentReader } from '../../src/providers/agents/agent-cli.ts'
import type { Answer } from '../../src/providers/provider.ts'

/** Gives a reader what an agent printed and how it ended: what is shown of it, and what it comes to. */
export function readLines(
  reader: AgentReader,
  lines: readonly (string | object)[],
  end: Partial<Omit<ProgramEnd, 'end'>> & { exit?: number; end?: ProgramEnd['end'] } = {},
): { shown: string[]; answer: Answer } {
  const printed = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
  const shown = printed.flatMap((line) => reader.line(line) || [])
  const { exit = 0, ...rest } = end
  const ended = { end: { how: 'exited', code: exit } as const, stdout: printed.map((line) => `${line}\n`).join(''), stderr_tail: '', output_tail: '', ...rest }
  return { shown, answer: reader.end(ended) }
}
