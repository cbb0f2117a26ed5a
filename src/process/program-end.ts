/** How a program came to its end, and what it printed. */
export type ProgramEnd = {
  end:
    | { how: 'exited'; code: number }
    | { how: 'signalled'; signal: NodeJS.Signals }
    /** `missing`: it is not there, or may not be run; `arguments`: it cannot be given what it was to be given. */
    | { how: 'not-started'; message: string; why?: 'missing' | 'arguments' }
    | { how: 'aborted' }
  /** Head and tail, with a note between them, where there was more than `max_output_bytes`. */
  stdout: string
  /** The last 2 kB of stderr. */
  stderr_tail: string
  /** The last 2 kB of both pipes, in the order in which they were read. */
  output_tail: string
}

export type NotStarted = Extract<ProgramEnd['end'], { how: 'not-started' }>

/** The end in words: `exit code 2`. */
export function describeEnd(end: ProgramEnd['end']): string {
  switch (end.how) {
    case 'exited':
      return `exit code ${end.code}`
    case 'signalled':
      return `ended by ${end.signal}`
    case 'not-started':
      return end.message
    case 'aborted':
      return 'interrupted'
  }
}
