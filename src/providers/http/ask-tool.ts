import type { Reply } from '../../core/question.ts'
import { oneLine } from '../../core/sanitize.ts'
import { answerIn, questionFrom } from '../ask-user.ts'
import type { AskPerson } from '../provider.ts'
import type { Tool, ToolCall, ToolResult } from './chat.ts'
import { parseArguments } from './tool-calls.ts'

/** What a model may ask a person with. */
export const ASK_TOOL: Tool = {
  name: 'ask_user',
  description:
    'Asks the person that you work for one question, and gives you their answer. Use it only for what you cannot find out or decide by yourself, and what the work depends on: it may take long until somebody answers.',
  parameters: {
    type: 'object',
    properties: {
      question: { type: 'string', description: 'The question, so that somebody understands it who sees nothing else.' },
      options: { type: 'array', items: { type: 'string' }, description: 'Short answers to choose from; other answers may be given too.' },
      default: { type: 'string', description: 'The answer that holds where nobody answers.' },
    },
    required: ['question'],
  },
}

/** What came of a call. `misused`: it was none that can be carried out. */
export type Called = { result: ToolResult; misused: boolean }

/** Carries out a call, and says what is wrong with one that cannot be, so that the next one may be better. */
export async function callTool(call: ToolCall, ask: AskPerson): Promise<Called> {
  const misused = (text: string): Called => ({ result: { call, text, is_error: true }, misused: true })
  if (call.name !== ASK_TOOL.name) return misused(`There is no tool "${oneLine(call.name, 80)}". There is only "${ASK_TOOL.name}".`)
  const given = parseArguments(call)
  if (given === undefined) return misused('The arguments are not JSON.')
  const said = questionFrom(given)
  if ('problem' in said) return misused(`This cannot be asked: ${said.problem}`)
  return { result: { call, ...told(await ask(said.question)) }, misused: false }
}

function told(reply: Reply): { text: string; is_error: boolean } {
  const answer = answerIn(reply)
  if (answer !== undefined) return { text: answer, is_error: false }
  const why = 'message' in reply && reply.message !== undefined ? ` (${reply.message})` : ''
  return { text: `Nobody answers this${why}. Decide by yourself, and say in your answer what you have assumed.`, is_error: true }
}
