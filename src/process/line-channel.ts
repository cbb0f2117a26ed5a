import type { Readable, Writable } from 'node:stream'
import { Lines } from './lines.ts'
import { programInput } from './program-input.ts'

/** A second way in and out of a program, beside its usual three: it writes a line, and reads the line that answers it. */
export type LineChannel = {
  /** Takes a line, or undefined for one that is empty or too long, and gives the answer, whose line ends become spaces. It does not reject. */
  answer: (line: string | undefined) => Promise<string>
  /** Characters. */
  longest_line: number
}

/** The descriptors by which a program finds its channel: the first two behind stdin, stdout and stderr. */
export const ASKS_ON = 3
export const IS_ANSWERED_ON = 4

/**
 * Answers one line after the other, so the answers come in the order of the lines. Nothing more is read while one waits for
 * its answer: a program that asks without end fills a pipe, not our memory.
 */
export function openChannel({ answer, longest_line }: LineChannel, asks: Readable, answers: Writable & Readable): void {
  const waiting: (string | undefined)[] = []
  const input = programInput(answers)
  let isBusy = false

  const serve = async () => {
    if (isBusy) return
    isBusy = true
    asks.pause()
    while (waiting.length > 0) input.write(`${(await answer(waiting.shift())).replaceAll(/\s*[\r\n]\s*/g, ' ')}\n`)
    isBusy = false
    asks.resume()
  }
  const take = (line: string | undefined) => {
    waiting.push(line)
    void serve()
  }

  const lines = new Lines(take, longest_line, () => take(undefined))
  asks.on('error', () => undefined)
  asks.on('data', (chunk: Uint8Array) => lines.push(chunk))
  // A last line without its end is nothing that waits for an answer. What is written to the other way round is dropped.
  answers.resume()
}
