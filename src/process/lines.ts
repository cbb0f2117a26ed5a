import { StringDecoder } from 'node:string_decoder'

/** In characters: a line may hold a whole file that an agent has read. */
const LONGEST_LINE = 4 * 1024 * 1024

/**
 * Cuts what a program prints into lines. One that is longer than `longest` characters is left out, so memory stays bounded;
 * so is an empty one. `leftOut` is told of both.
 */
export class Lines {
  readonly #take: (line: string) => void
  readonly #longest: number
  readonly #leftOut: () => void
  readonly #decoder = new StringDecoder('utf8')
  #line = ''
  #tooLong = false

  constructor(take: (line: string) => void, longest: number = LONGEST_LINE, leftOut: () => void = () => undefined) {
    this.#take = take
    this.#longest = longest
    this.#leftOut = leftOut
  }

  push(chunk: Uint8Array): void {
    this.#split(this.#decoder.write(chunk))
  }

  /** Gives the last line, where no line end stood behind it. */
  end(): void {
    this.#split(this.#decoder.end())
    if (this.#line !== '' || this.#tooLong) this.#close()
  }

  #split(text: string): void {
    let from = 0
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      this.#keep(text.slice(from, at))
      this.#close()
      from = at + 1
    }
    this.#keep(text.slice(from))
  }

  #keep(piece: string): void {
    this.#tooLong ||= this.#line.length + piece.length > this.#longest
    this.#line = this.#tooLong ? '' : this.#line + piece
  }

  #close(): void {
    const line = this.#line.replace(/\r$/, '')
    const isThere = !this.#tooLong && line !== ''
    this.#line = ''
    this.#tooLong = false
    if (isThere) this.#take(line)
    else this.#leftOut()
  }
}
