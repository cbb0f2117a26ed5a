import type { EventEmitter } from 'node:events'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { execa } from 'execa'
import { CappedOutput } from './capped-output.ts'
import { LastBytes } from './last-bytes.ts'
import { signalGroup } from './process-group.ts'
import type { ProgramEnd } from './program-end.ts'
import { StreamedText } from './streamed-text.ts'

export const SHELL = '/bin/sh'
const GRACE_MS = 2000
/** How long the pipes may stay open after the program's exit. */
const DRAIN_MS = 200
const TAIL_BYTES = 2048

export type ProgramRequest = {
  /** A string is run by `/bin/sh -c`; a list is a program and its arguments. */
  command: string | readonly string[]
  /** Absolute. */
  cwd: string
  /** The complete environment; only `TMPDIR` is set to a folder of this call's own. */
  env: Readonly<Record<string, string>>
  signal: AbortSignal
  /** Takes stdout and stderr as they come, up to `max_output_bytes`. */
  write: (text: string) => void
  max_output_bytes: number
  /** Between TERM and KILL after an abort. */
  grace_ms?: number
}

/**
 * Runs a program in a process group of its own, with nothing on stdin, until the program itself has
 * exited. Nothing of the group is left when this returns. Failures are values; it does not throw.
 */
export async function runProgram(request: ProgramRequest): Promise<ProgramEnd> {
  if (!(await isFolder(request.cwd))) return notStarted(`cannot start in "${request.cwd}": there is no such folder`)
  const tmp = await mkdtemp(join(tmpdir(), 'tutti-')).catch(() => undefined)
  if (tmp === undefined) return notStarted(`cannot make a temporary folder in "${tmpdir()}"`)
  try {
    return await runWith({ ...request.env, TMPDIR: tmp }, request)
  } finally {
    // What the program made impossible to remove must not change how it ended.
    await rm(tmp, { recursive: true, force: true }).catch(() => undefined)
  }
}

async function runWith(env: Record<string, string>, request: ProgramRequest): Promise<ProgramEnd> {
  const { command, cwd, signal, write, max_output_bytes, grace_ms = GRACE_MS } = request
  const [program, ...args] = typeof command === 'string' ? [SHELL, '-c', command] : command
  if (program === undefined) return notStarted('cannot start: the command is empty')
  if (signal.aborted) return withoutOutput({ how: 'aborted' })

  // execa's own `timeout` and `cancelSignal` know one process, not a group, and wait for whoever holds stdout.
  const child = execa(program, args, {
    cwd,
    env,
    extendEnv: false,
    stdin: 'ignore',
    detached: true,
    cleanup: false,
    buffer: false,
    reject: false,
  })
  if (child.pid === undefined) {
    const { code, originalMessage } = await child
    return notStarted(`cannot start "${program}": ${whyNot(code, originalMessage)}`)
  }

  const stdout = new CappedOutput(max_output_bytes)
  const stderr = new LastBytes(TAIL_BYTES)
  const both = new LastBytes(TAIL_BYTES)
  const streamed = new StreamedText(write, max_output_bytes)
  read(child.stdout, [stdout, both, streamed.pipe()])
  read(child.stderr, [stderr, both, streamed.pipe()])

  const end = await ended(child, child.pid, signal, grace_ms)
  child.stdout.destroy()
  child.stderr.destroy()
  streamed.end()
  return { end, stdout: stdout.text(), stderr_tail: stderr.text(), output_tail: both.text() }
}

/** Waits for the end of the program, or brings it about; whichever it was, the group is gone after it. */
async function ended(child: EventEmitter, pid: number, signal: AbortSignal, grace_ms: number): Promise<ProgramEnd['end']> {
  const exited = new Promise<ProgramEnd['end']>((resolve) => {
    child.once('exit', (code: number | null, by: NodeJS.Signals | null) =>
      resolve(by === null ? { how: 'exited', code: code ?? 0 } : { how: 'signalled', signal: by }),
    )
  })
  /** The program has exited, and nobody holds its pipes any more: all that was printed has been read. */
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const raced = new AbortController()
  const aborted = new Promise<'aborted'>((resolve) => {
    signal.addEventListener('abort', () => resolve('aborted'), { once: true, signal: raced.signal })
  })
  const first = await Promise.race([exited, aborted])
  raced.abort()

  if (first !== 'aborted') {
    await within(DRAIN_MS, closed)
    signalGroup(pid, 'SIGKILL')
    return first
  }
  signalGroup(pid, 'SIGTERM')
  await within(grace_ms, closed)
  signalGroup(pid, 'SIGKILL')
  // What even KILL does not end (another user's, or stuck in the kernel) must not hold us too.
  await within(grace_ms, exited)
  return { how: 'aborted' }
}

/** Waits for `promise`, but not longer than `ms`. */
async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  const done = new AbortController()
  const waited = setTimeout(ms, undefined, { signal: done.signal })
    // A loop that was blocked meets the timer before it meets what it waited for: let it look once more.
    .then(() => setImmediate())
    .catch(() => undefined)
  await Promise.race([promise, waited])
  done.abort()
}

function read(pipe: Readable, takers: readonly { push: (chunk: Uint8Array) => void }[]): void {
  pipe.on('data', (chunk: Uint8Array) => {
    for (const taker of takers) taker.push(chunk)
  })
}

function whyNot(code: string | undefined, message: string | undefined): string {
  if (code === 'ENOENT') return 'there is no such program'
  if (code === 'EACCES') return 'it may not be run (is it executable?)'
  return message ?? code ?? 'unknown reason'
}

async function isFolder(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined)
  return stats?.isDirectory() ?? false
}

function withoutOutput(end: ProgramEnd['end']): ProgramEnd {
  return { end, stdout: '', stderr_tail: '', output_tail: '' }
}

function notStarted(message: string): ProgramEnd {
  return withoutOutput({ how: 'not-started', message })
}
