#!/usr/bin/env node
import type { OpenControl } from './app/control-door.ts'
import type { OpenScreen } from './app/screen.ts'
import { runProgram } from './cli/program.ts'
import { EXIT } from './cli/exit-code.ts'
import { refusedAt } from './core/error.ts'
import { sanitize } from './core/sanitize.ts'

/** The screen is loaded when it is opened. */
const openScreen: OpenScreen = async (options) => (await import('./tui/open-screen.ts')).openScreen(options)

/** So are the doors to other terminals and programs. */
const openControl: OpenControl = async (...given) => (await import('./remote/open-control.ts')).openControl(...given)

// A reader that has seen enough (`tutti events | head`) closes the pipe; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(EXIT.done)
})

try {
  process.exit(await runProgram(process.argv.slice(2), { openScreen, openControl }))
} catch (caught) {
  // A full disk or a bug; what the run has recorded stays.
  const error = refusedAt(undefined, caught)
  const text = error instanceof Error ? ((process.env['TUTTI_DEBUG'] ? error.stack : undefined) ?? error.message) : String(error)
  process.stderr.write(`error: ${sanitize(text, { color: false })}\n`)
  process.exit(EXIT.failed)
}
