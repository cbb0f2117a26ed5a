import { StringDecoder } from 'node:string_decoder'
import { fromLineStart, LastBytes, upToLineEnd } from './last-bytes.ts'

/**
 * What a program printed: everything up to `max` bytes, else the first two thirds and the last third of
 * that, with a note between them. Memory stays flat however much is pushed.
 */
export class CappedOutput {
  readonly #headMax: number
  readonly #max: number
  #head = Buffer.alloc(0)
  #headLength = 0
  #tail: LastBytes | undefined
  #total = 0

  constructor(max: number) {
    this.#max = max
    this.#headMax = Math.ceil((max * 2) / 3)
  }

  push(chunk: Uint8Array): void {
    this.#total += chunk.length
    const head = chunk.subarray(0, this.#headMax - this.#headLength)
    this.#reserve(this.#headLength + head.length)
    this.#head.set(head, this.#headLength)
    this.#headLength += head.length
    if (head.length === chunk.length) return
    this.#tail ??= new LastBytes(this.#max - this.#headMax)
    this.#tail.push(chunk.subarray(head.length))
  }

  text(): string {
    const head = this.#head.subarray(0, this.#headLength)
    const tail = this.#tail?.bytes() ?? Buffer.alloc(0)
    if (this.#total <= this.#max) return Buffer.concat([head, tail]).toString('utf8')

    // A decoder gives whole characters only: it keeps back the one that was cut at the end of the head.
    const start = upToLineEnd(new StringDecoder('utf8').write(head))
    const end = fromLineStart(tail.toString('utf8'))
    const left = this.#total - Buffer.byteLength(start) - Buffer.byteLength(end)
    return `${start}\n[… ${left} bytes left out …]\n${end}`
  }

  #reserve(length: number): void {
    if (length <= this.#head.length) return
    const grown = Buffer.alloc(Math.min(this.#headMax, Math.max(length, this.#head.length * 2)))
    grown.set(this.#head.subarray(0, this.#headLength))
    this.#head = grown
  }
}
