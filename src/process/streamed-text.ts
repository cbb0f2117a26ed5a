import { StringDecoder } from 'node:string_decoder'

/**
 * Text for a reader who watches: pipes are merged in the order in which their bytes arrive, and a
 * character that is split between two chunks comes whole. After `max` bytes one note is written, and
 * then nothing more.
 */
export class StreamedText {
  readonly #write: (text: string) => void
  readonly #decoders: StringDecoder[] = []
  #left: number

  constructor(write: (text: string) => void, max: number) {
    this.#write = write
    this.#left = max
  }

  /** Takes the bytes of one more pipe. */
  pipe(): { push: (chunk: Uint8Array) => void } {
    const decoder = new StringDecoder('utf8')
    this.#decoders.push(decoder)
    return { push: (chunk) => this.#take(decoder, chunk) }
  }

  /** Writes what is left of a character that never became whole. */
  end(): void {
    if (this.#left < 0) return
    for (const decoder of this.#decoders) this.#pass(decoder.end())
  }

  #take(decoder: StringDecoder, chunk: Uint8Array): void {
    if (this.#left < 0) return
    this.#pass(decoder.write(chunk.subarray(0, this.#left)))
    this.#left -= chunk.length
    if (this.#left < 0) this.#write('\n[… the rest of the output is not shown …]\n')
  }

  #pass(text: string): void {
    if (text !== '') this.#write(text)
  }
}
