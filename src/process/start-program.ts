import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { notStarted } from './not-started.ts'
import type { NotStarted } from './program-end.ts'

/** A program that runs, in a process group of its own. */
export type Started = {
  pid: number
  child: ChildProcess
  stdin: Writable | null
  stdout: Readable
  stderr: Readable
}

type Start = {
  program: string
  args: readonly string[]
  cwd: string
  /** The complete environment. */
  env: Readonly<Record<string, string>>
  hasStdin: boolean
  /** Descriptors 3 and 4 are pipes, too. */
  hasChannel: boolean
}

/**
 * Starts a program. Node's own `spawn`, because a run may consist of thousands of short commands: what is put
 * around it elsewhere (results, timeouts, cancelling, which know one process and not its group) costs as much as it does.
 */
export async function startProgram({ program, args, cwd, env, hasStdin, hasChannel }: Start): Promise<Started | NotStarted> {
  const failed = (error: unknown) => notStarted({ program, args, env }, error)
  const stdio = [hasStdin ? 'pipe' : 'ignore', 'pipe', 'pipe', ...(hasChannel ? (['pipe', 'pipe'] as const) : [])] as const
  let child: ChildProcess
  try {
    child = spawn(program, args, { cwd, env, detached: true, stdio: [...stdio] })
  } catch (error) {
    return failed(error)
  }
  const { pid, stdin, stdout, stderr } = child
  // Without file descriptors there are no pipes, whatever the types say: nothing else is looked at.
  if (pid === undefined) return failed((await once(child, 'error'))[0])
  if (stdout === null || stderr === null) throw new Error('bug: a program was started without its pipes')
  // A pipe that breaks is found at its end; without a listener it would break us.
  for (const pipe of child.stdio) pipe?.on('error', () => undefined)
  return { pid, child, stdin, stdout, stderr }
}
