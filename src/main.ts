#!/usr/bin/env node
import { runProgram } from './cli/program.ts'
import { EXIT } from './cli/exit-code.ts'
import { sanitize } from './core/sanitize.ts'

// A reader that has seen enough (`tutti events | head`) closes the pipe; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(EXIT.done)
})

try {
  process.exit(await runProgram(process.argv.slice(2), {}))
} catch (error) {
  // A full disk or a bug; what the run has recorded stays.
  const text = error instanceof Error ? ((process.env['TUTTI_DEBUG'] ? error.stack : undefined) ?? error.message) : String(error)
  process.stderr.write(`error: ${sanitize(text, { color: false })}\n`)
  process.exit(EXIT.failed)
}
