import type { FailureKind } from '../../core/outcome.ts'
import { oneLine } from '../../core/sanitize.ts'
import { describeEnd, type ProgramEnd } from '../../process/program-end.ts'
import type { Failure } from '../http/chat.ts'
import type { Answer } from '../provider.ts'

/** Characters. */
export const MAX_MESSAGE = 600

/**
 * The kind of a turn that failed where nothing but a text tells why. What ends a turn is a model that could not be
 * asked: commands that fail go back to the model. Whether it was the key, the quota or the server cannot be told
 * without reading words, so it is the kind that another try or another route may mend, and that is given up in the end.
 */
export const TURN_FAILED = 'provider_down' satisfies FailureKind

/** Whether the process ended as one does that has nothing to complain about. */
export function endedWell({ end }: ProgramEnd): boolean {
  return end.how === 'exited' && end.code === 0
}

/**
 * How a CLI failed, in a line for a person.
 * @param kind as the CLI's own signals tell it; where they tell nothing, only the end of its process is known
 * @param said what it said about it; the last line of stderr where it said nothing
 */
export function failureOf(ended: ProgramEnd, kind?: FailureKind, said = lastLine(ended.stderr_tail)): Failure {
  const { end } = ended
  if (end.how === 'aborted') return { result: 'failed', kind: 'interrupted', message: 'the agent was interrupted' }
  const found = !endedWell(ended) ? describeEnd(end) : kind === undefined ? 'ended without a result' : ''
  // Each for itself: a carriage return in what it said would take our words away.
  const message = [found, oneLine(said, MAX_MESSAGE)].filter((part) => part !== '').join(': ')
  return {
    result: 'failed',
    kind: kind ?? (endedWell(ended) ? 'bad_output' : 'command_failed'),
    message: oneLine(message, MAX_MESSAGE) || 'failed and did not say why',
  }
}

/** A failure before any work was done. */
export function refused(kind: FailureKind, message: string): Failure {
  return { result: 'failed', kind, message: oneLine(message, MAX_MESSAGE), unspent: true }
}

/** An agent that ended well, and said nothing: as little as an empty answer of a model server is that an answer. */
export function withoutAnswer({ finish, usage, cost_micro_usd }: Extract<Answer, { result: 'answered' }>): Failure {
  return { result: 'failed', kind: 'bad_output', message: `the agent ended without an answer (finish reason: ${finish})`, usage, cost_micro_usd }
}

function lastLine(text: string): string {
  return text.split('\n').findLast((line) => oneLine(line, MAX_MESSAGE) !== '') ?? ''
}
