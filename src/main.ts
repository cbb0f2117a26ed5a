#!/usr/bin/env node
import { runProgram } from './cli/program.ts'
import { EXIT } from './cli/exit-code.ts'

// A reader that has seen enough (`tutti events | head`) closes the pipe; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(EXIT.done)
})

try {
  process.exit(await runProgram(process.argv.slice(2)))
} catch (error) {
  // A full disk or a bug; what the run has recorded stays.
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`)
  if (process.env['TUTTI_DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  process.exit(EXIT.failed)
}
