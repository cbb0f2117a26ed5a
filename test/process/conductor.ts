import { runProgram } from '../../src/process/run-program.ts'

/** Stands in for a conductor: runs the commands that it is given, all at once, and ends with the last. */
const commands = process.argv.slice(2)
await Promise.all(
  commands.map((command) =>
    runProgram({
      command,
      cwd: process.cwd(),
      env: { PATH: process.env['PATH'] ?? '' },
      signal: new AbortController().signal,
      write: () => undefined,
      max_output_bytes: 1000,
    }),
  ),
)
