import { LONGEST_ANSWER, type ToolCall } from './chat.ts'
import { HttpError } from './signal.ts'

/** What a stream tells of one call at a time: its arguments come in pieces, and the rest with the first of them. */
type CallPiece = { id?: string | null | undefined; name?: string | null | undefined; arguments?: string | null | undefined }

/** Puts calls together whose pieces come mixed with each other. */
export class CallPieces {
  readonly #calls = new Map<string | number, { id: string; name: string; arguments: string[] }>()
  #length = 0

  /** @param key which call it belongs to; undefined: the last one, unless it begins another */
  push(key: number | undefined, { id, name, arguments: piece }: CallPiece): void {
    const last = [...this.#calls.keys()].at(-1)
    const place = key ?? (last === undefined || id ? `call ${this.#calls.size}` : last)
    const call = this.#calls.get(place) ?? { id: '', name: '', arguments: [] }
    this.#calls.set(place, call)
    call.id ||= id ?? ''
    call.name ||= name ?? ''
    if (piece) call.arguments.push(piece)
    this.#length += (piece?.length ?? 0) + 1
    if (this.#length > LONGEST_ANSWER) throw new HttpError({ signal: 'endless', characters: LONGEST_ANSWER })
  }

  /** All that there are, each with an id: some servers give none. */
  calls(): ToolCall[] {
    return [...this.#calls.values()].map((call, index) => ({ id: call.id || `call_${index + 1}`, name: call.name, arguments: call.arguments.join('') }))
  }
}

/** The arguments as an object, as some protocols want them back even where they were none. */
export function argumentsAsObject(call: ToolCall): Record<string, unknown> {
  const parsed = parseArguments(call)
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : {}
}

/** undefined for what is not JSON. */
export function parseArguments({ arguments: text }: ToolCall): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text)
  } catch {
    return undefined
  }
}
