import { spawn } from 'node:child_process'

/**
 * Opens a file in the editor of a person's choice, on the terminal that has been lent for it.
 * @returns what went wrong
 */
export async function edit(file: string, env: NodeJS.ProcessEnv = process.env): Promise<{ problem: string } | undefined> {
  const editor = env['VISUAL'] || env['EDITOR'] || 'vi'
  // The shell takes it apart: `code --wait` is a program and an option. Ctrl+C in the editor must not end the shell.
  const child = spawn('/bin/sh', ['-c', `trap : INT; ${editor} "$@"`, editor, file], { stdio: 'inherit', env })
  return new Promise((resolve) => {
    child.on('error', ({ message }) => resolve({ problem: `${editor}: ${message}` }))
    child.on('exit', (code, signal) => resolve(code === 0 ? undefined : { problem: `${editor} ended with ${signal ?? `exit code ${code}`}` }))
  })
}
