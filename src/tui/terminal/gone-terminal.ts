import { closeSync } from 'node:fs'
import { isatty } from 'node:tty'

/**
 * Lets the process end with its own exit code when the terminal has gone away meanwhile: Node sets the modes of its
 * three standard files back at the very end, and before Node 24 it aborts (SIGABRT, a core dump) where that fails on one
 * that is open: nodejs/node#58200.
 */
export function surviveGoneTerminal(): void {
  const terminals = [0, 1, 2].filter((file) => isatty(file))
  process.on('exit', () => {
    for (const file of terminals) if (!isatty(file)) close(file)
  })
}

function close(file: number): void {
  try {
    closeSync(file)
  } catch {
    // Somebody was faster.
  }
}
