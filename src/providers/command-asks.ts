import { ASKS_ON, IS_ANSWERED_ON, type LineChannel } from '../process/line-channel.ts'
import { answerIn, questionFrom } from './ask-user.ts'
import type { AskPerson, AttemptIo } from './provider.ts'

/** Characters: a question with all its options has fewer. */
const LONGEST_LINE = 32_768

/** How a command finds out that it may ask, and where. */
export const ASKING: Readonly<Record<string, string>> = { TUTTI_ASK_FD: String(ASKS_ON), TUTTI_ANSWER_FD: String(IS_ANSWERED_ON) }

/**
 * Where a command asks: a line of JSON for a question, and for each a line with the answer. The line is empty where nobody
 * answers, and where it was no question: a command that waits for its line is never left waiting for what cannot come.
 * @param over fires when the command has ended
 * @param broken takes what must not happen
 */
export function askingChannel(ask: AskPerson, write: AttemptIo['write'], over: AbortSignal, broken: (error: unknown) => void): LineChannel {
  const note = (problem: string) => {
    write(`[a line on descriptor ${ASKS_ON} is no question: ${problem}]\n`)
    return ''
  }
  const answerTo = async (line: string | undefined): Promise<string> => {
    if (line === undefined) return note(`it is empty, or longer than ${LONGEST_LINE} characters`)
    const json = parse(line)
    if (json === undefined) return note('it is not JSON')
    const said = questionFrom(json)
    return 'problem' in said ? note(said.problem) : (answerIn(await ask(said.question, over)) ?? '')
  }
  return {
    longest_line: LONGEST_LINE,
    answer: async (line) => {
      try {
        return await answerTo(line)
      } catch (error) {
        broken(error)
        return ''
      }
    },
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
