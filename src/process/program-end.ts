/** How a program came to its end, and what it printed. */
export type ProgramEnd = {
  end:
    | { how: 'exited'; code: number }
    | { how: 'signalled'; signal: NodeJS.Signals }
    /** `missing`: it is not there, or may not be run. */
    | { how: 'not-started'; message: string; missing?: true }
    | { how: 'aborted' }
  /** Head and tail, with a note between them, where there was more than `max_output_bytes`. */
  stdout: string
  /** The last 2 kB of stderr. */
  stderr_tail: string
  /** The last 2 kB of both pipes, in the order in which they were read. */
  output_tail: string
}

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
