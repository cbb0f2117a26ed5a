import type { Readable, Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { Lines } from './lines.ts'

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
 * its answer, or an answer for its reader: a program that asks without end, or never listens, fills a pipe and not our memory.
 * Between two lines everybody else has a turn. Once it cannot hear us any more, nothing that it asks is answered.
 */
export function openChannel({ answer, longest_line }: LineChannel, asks: Readable, answers: Writable & Readable): void {
  let waiting: (string | undefined)[] = []
  let isBusy = false

  const serve = async () => {
    if (isBusy) return
    isBusy = true
    asks.pause()
    while (waiting.length > 0) {
      const lines = waiting
      waiting = []
      for (const line of lines) {
        if (!answers.writable) break
        await written(answers, `${(await answer(line)).replaceAll(/\s*[\r\n]\s*/g, ' ')}\n`)
        await turn()
      }
    }
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
  answers.on('error', () => undefined)
  // A last line without its end is nothing that waits for an answer. What is written to the other way round is dropped.
  answers.resume()
}

/** Resolves when the program's side has taken it, or is gone. */
function written(pipe: Writable, text: string): Promise<void> {
  return new Promise((resolve) => (pipe.writable ? pipe.write(text, () => resolve()) : resolve()))
}
