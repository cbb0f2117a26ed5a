import type { Writable } from 'node:stream'

/** The stdin of a program that runs. What comes when it is closed, or when the program is gone, is nobody's any more, and is dropped. */
export type ProgramInput = {
  write: (text: string) => void
  /** Whoever reads it finds its end. */
  close: () => void
}

/** A program may end, or close the pipe, without having read what it is given: the error of that is heard by nobody. */
export function programInput(pipe: Writable): ProgramInput {
  pipe.on('error', () => undefined)
  return {
    write: (text) => {
      if (pipe.writable) pipe.write(text)
    },
    close: () => void pipe.end(),
  }
}
