import { LONGEST_ANSWER } from '../http/chat.ts'

export const TOO_LONG = `its answer is longer than ${LONGEST_ANSWER} characters`

/** An answer that comes in pieces, of which no more is kept than an answer may have. */
export class AnswerPieces {
  #pieces: string[] = []
  #length = 0

  /** What was said before is not the answer. */
  clear(): void {
    this.#pieces = []
    this.#length = 0
  }

  push(piece: string): void {
    if (piece === '') return
    this.#length += piece.length
    if (this.isTooLong()) this.#pieces = []
    else this.#pieces.push(piece)
  }

  isTooLong(): boolean {
    return this.#length > LONGEST_ANSWER
  }

  text(separator: string): string {
    return this.#pieces.join(separator)
  }
}

/** Characters. */
const LONGEST_HELD = 64 * 1024

/** Text that comes in pieces and is shown in whole lines, as far as these are not too long. */
export class LinePieces {
  #held: string[] = []
  #length = 0

  /** What can be shown now: up to the last line end. */
  push(piece: string): string {
    const end = this.#length + piece.length > LONGEST_HELD ? piece.length : piece.lastIndexOf('\n') + 1
    // Only the new piece is looked at: looking at all that is held, each time, takes for ever with a long line.
    const whole = end === 0 ? '' : this.end() + piece.slice(0, end)
    this.#held.push(piece.slice(end))
    this.#length += piece.length - end
    return whole
  }

  /** What is left. */
  end(): string {
    const held = this.#held.join('')
    this.#held = []
    this.#length = 0
    return held
  }
}
