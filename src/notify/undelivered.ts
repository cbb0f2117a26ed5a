import { appendFile } from 'node:fs/promises'
import type { Message } from './message.ts'

/** One message that did not arrive, as a line of JSON. */
type Undelivered = {
  at: string
  /** Who should have got it, as messages call them. */
  receiver: string
  why: string
  tries: number
  /** As it was to be sent. */
  body: Message['body']
}

/** `runs/undelivered.jsonl`: what was not delivered is read there, by a person or by whoever sends it again. */
export type UndeliveredFile = {
  /** Returns at once. */
  add: (undelivered: Undelivered) => void
  /** Resolves when all of it is in the file; rejects when the disk refuses, and keeps it for the next time. */
  written: () => Promise<void>
}

export function openUndelivered(path: string): UndeliveredFile {
  let lines: string[] = []
  let isDue = false
  let writing: Promise<void> = Promise.resolve()

  async function write(): Promise<void> {
    isDue = false
    if (lines.length === 0) return
    const taken = lines
    lines = []
    try {
      await appendFile(path, taken.join(''))
    } catch (error) {
      lines = [...taken, ...lines]
      throw error
    }
  }
  const writeNext = () => (writing = writing.catch(() => {}).then(write))

  return {
    add: ({ body, ...rest }) => {
      // The message is JSON already.
      lines.push(`${JSON.stringify(rest).slice(0, -1)},"notification":${body}}\n`)
      if (isDue) return
      isDue = true
      writeNext().catch(() => {})
    },
    written: writeNext,
  }
}
