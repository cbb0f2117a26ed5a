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
    return this.bytes().toString('utf8')
  }
}

/** `bytes` without the continuation bytes of UTF-8 at its start. */
function fromCharacterStart(bytes: Buffer): Buffer {
  const start = bytes.subarray(0, 3).findIndex((byte) => (byte & 0b1100_0000) !== 0b1000_0000)
  return start === -1 ? bytes.subarray(3) : bytes.subarray(start)
}
