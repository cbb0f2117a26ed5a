import type { Usage } from '../../core/outcome.ts'
import { MOST_CALLS, MOST_ROUNDS } from '../../core/question.ts'
import type { Answer, AskPerson, AttemptIo } from '../provider.ts'
import { ASK_TOOL, callTool, type Called } from './ask-tool.ts'
import type { Chat, Failure, Message } from './chat.ts'
import { failureOf, type Server } from './failure.ts'
import type { Heard, Round } from './round.ts'
import { addUsage, believable } from './usage.ts'

/** Rounds in a row in which nothing but calls came that cannot be carried out. */
const MOST_MISUSED = 3

/**
 * One attempt: the chat, and as long as the model asks a person something, the chat with their answers. Between two rounds there is
 * no connection: an answer may take days. What the model says in a round with questions is for whoever answers them, and is
 * written as it comes; the answer is what it says when it has no more of them.
 * @param round sends a chat, and takes in all that comes back
 */
export async function answerInRounds(server: Server, chat: Chat, io: AttemptIo, round: (chat: Chat) => Promise<Round>): Promise<Answer> {
  const { ask } = io
  if (ask === undefined) return judged(server, await round(chat))
  let asking: Chat = { ...chat, tools: [ASK_TOOL] }
  let used: Usage | undefined
  let misused = 0
  for (let count = 1; ; count += 1) {
    let came = await round(asking)
    if (count === 1 && takesNoTools(came)) {
      io.write('[the server refuses the request with a tool to ask with; it is sent without]\n')
      asking = chat
      came = await round(asking)
    }
    if (came.ended !== 'well' || came.heard.calls.length === 0 || came.heard.finish === undefined || asking.tools === undefined) return withBefore(judged(server, came), count === 1 ? 'nothing' : used)
    const { heard } = came
    used = count === 1 ? heard.usage && believable(heard.usage) : addUsage(used, heard.usage && believable(heard.usage))
    if (heard.text !== '' && !heard.text.endsWith('\n')) io.write('\n')

    const called = await callAll(heard, io.signal, ask)
    if (called === 'interrupted') return { ...interrupted(server), usage: used }
    misused = called.every((each) => each.misused) ? misused + 1 : 0
    const wrong = misused >= MOST_MISUSED ? `${MOST_MISUSED} times in a row calls that cannot be carried out` : count >= MOST_ROUNDS ? `questions ${MOST_ROUNDS} times in a row` : undefined
    if (wrong !== undefined) return { ...failureOf({ signal: 'no_answer', said: wrong }, server), usage: used }
    asking = { ...asking, messages: [...asking.messages, ...exchange(heard, called)] }
  }
}

async function callAll({ calls }: Heard, signal: AbortSignal, ask: AskPerson): Promise<Called[] | 'interrupted'> {
  const all = calls.map(async (call, index): Promise<Called> =>
    index < MOST_CALLS ? callTool(call, ask) : { result: { call, text: `Not more than ${MOST_CALLS} calls at once.`, is_error: true }, misused: true },
  )
  const left = new AbortController()
  const interruption = new Promise<'interrupted'>((resolve) => {
    if (signal.aborted) resolve('interrupted')
    signal.addEventListener('abort', () => resolve('interrupted'), { once: true, signal: left.signal })
  })
  try {
    return await Promise.race([Promise.all(all), interruption])
  } finally {
    left.abort()
  }
}

function exchange({ text, calls }: Heard, called: readonly Called[]): Message[] {
  return [
    { role: 'assistant', content: text, calls },
    { role: 'tools', results: called.map(({ result }) => result) },
  ]
}

/** Statuses by which servers turn down a request for the tools in it; the words that go with them are as many as servers. */
const NO_TOOLS = new Set([400, 404, 422, 501])

function takesNoTools(came: Round): boolean {
  return came.ended === 'badly' && came.signal.signal === 'refused' && NO_TOOLS.has(came.signal.status)
}

function judged(server: Server, came: Round): Answer {
  switch (came.ended) {
    case 'interrupted':
      return interrupted(server)
    case 'badly':
      return failureOf(came.signal, server)
    case 'well': {
      const { text, finish, usage, pieces } = came.heard
      if (pieces === 0) return failureOf({ signal: 'garbage' }, server)
      if (finish === undefined) return failureOf({ signal: 'cut_short' }, server)
      if (text.trim() === '') return failureOf({ signal: 'empty', finish, usage }, server)
      return { result: 'answered', text, finish, usage: usage === undefined ? undefined : believable(usage) }
    }
  }
}

function interrupted({ name }: Server): Failure {
  return { result: 'failed', kind: 'interrupted', message: `${name} was interrupted` }
}

/**
 * The end of the last round as that of the attempt, with what the rounds before it have used.
 * @param before undefined: nobody knows
 */
function withBefore(answer: Answer, before: Usage | undefined | 'nothing'): Answer {
  if (before === 'nothing') return answer
  if (answer.result === 'answered') return { ...answer, usage: addUsage(before, answer.usage) }
  const { unspent, ...rest } = answer
  return unspent === true ? { ...rest, usage: before } : { ...rest, usage: addUsage(before, rest.usage) }
}
