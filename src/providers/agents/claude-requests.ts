import type { AskPerson } from '../provider.ts'
import type { AgentTalk } from './agent-cli.ts'
import { ToolUse, type ControlRequest } from './claude-events.ts'
import { responseTo, turnedDown, wantedOf } from './claude-question.ts'

/** What Claude Code wants to be told while it works, and what it has been told. */
export type ClaudeRequests = {
  /** It has been started. */
  begin: (talk: AgentTalk) => void
  take: (request: ControlRequest) => void
  /** It does not want to know any more. */
  takeBack: (request_id: string) => void
  /** It has said what came of it all: without an end of its stdin it would wait for more. */
  close: () => void
  /** Whether a use of a tool was turned down because somebody said so, and not because nobody was there to allow it. */
  wasDecided: (tool_use_id: string | undefined) => boolean
}

/** Brings the requests before a person, several at once if it comes to that, and the answers back to stdin. */
export function claudeRequests(ask: AskPerson, cwd: string): ClaudeRequests {
  const open = new Map<string, AbortController>()
  const decided = new Set<string>()
  let talk: AgentTalk | undefined

  const send = (response: object) => talk?.input.write(`${JSON.stringify({ type: 'control_response', response })}\n`)

  async function answer(request_id: string, use: ToolUse): Promise<void> {
    const decide = () => use.tool_use_id !== undefined && decided.add(use.tool_use_id)
    const respond = (response: object) => send({ subtype: 'success', request_id, response })
    const wanted = wantedOf(use, cwd)
    if ('problem' in wanted) {
      // It is told, and may do better: whether it did, its result shows.
      decide()
      respond(turnedDown(wanted.problem))
      return
    }
    const withdrawn = new AbortController()
    open.set(request_id, withdrawn)
    const over = talk === undefined ? [] : [talk.over]
    const reply = await ask(wanted.question, AbortSignal.any([withdrawn.signal, ...over]))
    if (!open.delete(request_id)) return
    if (reply.is !== 'unanswered' || wanted.question.kind === 'question') decide()
    respond(responseTo(use, wanted.question, reply))
  }

  return {
    begin: (given) => {
      talk = given
    },
    take: ({ request_id, request }) => {
      const use = ToolUse.safeParse(request)
      if (use.success) answer(request_id, use.data).catch((error: unknown) => talk?.broken(error))
      else send({ subtype: 'error', request_id, error: 'this is not known here' })
    },
    takeBack: (request_id) => {
      open.get(request_id)?.abort()
      open.delete(request_id)
    },
    close: () => talk?.input.close(),
    wasDecided: (tool_use_id) => tool_use_id !== undefined && decided.has(tool_use_id),
  }
}
