import type { FinishReason, Usage } from '../../core/outcome.ts'
import type { AttemptIo } from '../provider.ts'
import { LONGEST_ANSWER, type Piece, type ToolCall } from './chat.ts'
import type { HttpSignal } from './signal.ts'
import { HttpError } from './signal.ts'

/** What came back for one chat. */
export type Heard = { text: string; finish: FinishReason | undefined; usage: Usage | undefined; calls: readonly ToolCall[]; pieces: number }

/** How the conversation about one chat ended. */
export type Round = { ended: 'well'; heard: Heard } | { ended: 'badly'; signal: HttpSignal } | { ended: 'interrupted' }

/** Hands the text on as it comes, and keeps the last word on everything else. */
export async function listen(pieces: AsyncIterable<Piece>, { write }: AttemptIo): Promise<Heard> {
  const heard: Heard = { text: '', finish: undefined, usage: undefined, calls: [], pieces: 0 }
  for await (const { text = '', finish, usage, calls } of pieces) {
    if (text !== '') write(text)
    heard.text += text
    if (heard.text.length > LONGEST_ANSWER) throw new HttpError({ signal: 'endless', characters: LONGEST_ANSWER })
    heard.pieces += 1
    heard.finish = finish ?? heard.finish
    heard.usage = usage ?? heard.usage
    heard.calls = calls ?? heard.calls
  }
  return heard
}
