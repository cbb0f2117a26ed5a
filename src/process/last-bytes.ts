/** Keeps the last `max` bytes of what is pushed, in memory of twice that size at most. */
export class LastBytes {
  readonly #max: number
  readonly #buffer: Buffer
  #length = 0
  #total = 0

  constructor(max: number) {
    this.#max = max
    this.#buffer = Buffer.alloc(max * 2)
  }

  push(chunk: Uint8Array): void {
    this.#total += chunk.length
    const fits = chunk.subarray(Math.max(0, chunk.length - this.#max))
    if (this.#length + fits.length > this.#buffer.length) {
      // Moving only when the buffer is full makes the cost per byte constant.
      this.#buffer.copyWithin(0, this.#length - this.#max, this.#length)
      this.#length = this.#max
    }
    this.#buffer.set(fits, this.#length)
    this.#length += fits.length
  }

  /** What is left of a character that was cut off at the start is not part of it. */
  bytes(): Buffer {
    const bytes = this.#buffer.subarray(Math.max(0, this.#length - this.#max), this.#length)
    return this.#total > this.#max ? fromCharacterStart(bytes) : bytes
  }

  text(): string {
    const text = this.bytes().toString('utf8')
    return this.#total > this.#max ? fromLineStart(text) : text
  }
}

/** A cut in the middle of a line may leave half of a secret, which nobody would know for one. */
const LONGEST_SECRET = 512
/** A shorter text than this is all middle: it stays as it is. */
const SHORT = 2 * LONGEST_SECRET

/** A text whose end was cut off, up to its last whole line; where lines are long, without what a secret could fill. */
export function upToLineEnd(text: string): string {
  if (text.length < SHORT) return text
  const end = text.lastIndexOf('\n')
  return end >= text.length - LONGEST_SECRET && end >= 0 ? text.slice(0, end) : text.slice(0, Math.max(0, text.length - LONGEST_SECRET))
}

/** The same for a text whose beginning was cut off. */
export function fromLineStart(text: string): string {
  if (text.length < SHORT) return text
  const start = text.indexOf('\n') + 1
  return start > 0 && start <= LONGEST_SECRET ? text.slice(start) : text.slice(Math.min(text.length, LONGEST_SECRET))
}

/** `bytes` without the continuation bytes of UTF-8 at its start. */
function fromCharacterStart(bytes: Buffer): Buffer {
  const start = bytes.subarray(0, 3).findIndex((byte) => (byte & 0b1100_0000) !== 0b1000_0000)
  return start === -1 ? bytes.subarray(3) : bytes.subarray(start)
}
