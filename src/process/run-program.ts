import type { EventEmitter } from 'node:events'
import { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { Duplex, type Readable, type Writable } from 'node:stream'
import { CappedOutput } from './capped-output.ts'
import { guardGroup, MARK_VARIABLE, newMark } from './guard.ts'
import { LastBytes } from './last-bytes.ts'
import { endLeftovers, signalAll } from './leftovers.ts'
import { openChannel, type LineChannel } from './line-channel.ts'
import { Lines } from './lines.ts'
import { signalGroup } from './process-group.ts'
import { descendantsOutside } from './process-table.ts'
import { ungiveable } from './not-started.ts'
import type { ProgramEnd } from './program-end.ts'
import { programInput, type ProgramInput } from './program-input.ts'
import { startProgram } from './start-program.ts'
import { StreamedText } from './streamed-text.ts'
import { withTempFolder } from './temp-folder.ts'

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
  /** The complete environment, but for `TMPDIR`, a folder of this call's own, and a mark by which its processes are found. */
  env: Readonly<Record<string, string>>
  /**
   * Written to its stdin, which is closed then; without it there is nothing on stdin. A function is handed the stdin once the
   * program has been started, and may write to it until it closes it.
   */
  stdin?: string | ((input: ProgramInput) => void)
  /** With it, the program may ask on descriptor 3, and is answered on descriptor 4, a line each. */
  channel?: LineChannel | undefined
  signal: AbortSignal
  /** Takes stdout and stderr as they come, up to `max_output_bytes`. */
  write: (text: string) => void
  /** Takes stdout line by line, in place of `write`, which is left with stderr. A line of more than 4 MB is left out. */
  line?: (line: string) => void
  /** Is called whenever something comes on stdout, however little of a line it is. */
  heard?: (() => void) | undefined
  max_output_bytes: number
  /** Between TERM and KILL after an abort. */
  grace_ms?: number
}

/**
 * Runs a program in a process group of its own until the program itself has exited. Nothing that it
 * started is left when this returns, nor when the conductor is killed before: the group, and on Linux
 * what has left the group too. What has left the group and its environment, and whose parents are dead before
 * anybody looks, is known to nobody, and stays. Failures are values; it does not throw.
 */
export async function runProgram(request: ProgramRequest): Promise<ProgramEnd> {
  if (!(await isFolder(request.cwd))) return withoutStart(`cannot start in "${request.cwd}": there is no such folder`)
  const end = await withTempFolder((TMPDIR) => runWith(newMark(), { ...request, env: { ...request.env, TMPDIR } }))
  return end ?? withoutStart(`cannot make a temporary folder in "${tmpdir()}"`)
}

async function runWith(mark: string, request: ProgramRequest): Promise<ProgramEnd> {
  const { command, cwd, env, stdin, channel, signal, write, line, heard, max_output_bytes, grace_ms = GRACE_MS } = request
  const [program, ...args] = typeof command === 'string' ? [SHELL, '-c', command] : command
  if (program === undefined) return withoutStart('cannot start: the command is empty')
  if (signal.aborted) return withoutOutput({ how: 'aborted' })
  const given = { program, args, env }
  const unfit = ungiveable(given)
  if (unfit !== undefined) return withoutOutput(unfit)

  const started = await startProgram({ ...given, cwd, env: { ...env, [MARK_VARIABLE]: mark }, hasStdin: stdin !== undefined, hasChannel: channel !== undefined })
  if (!('pid' in started)) return withoutOutput(started)
  const { child, pid } = started

  const unguard = guardGroup(pid)
  give(started.stdin, stdin)
  const [, , , asks, answers]: readonly unknown[] = child.stdio
  if (channel !== undefined && asks instanceof Duplex && answers instanceof Duplex) openChannel(channel, asks, answers)

  const stdout = new CappedOutput(max_output_bytes)
  const stderr = new LastBytes(TAIL_BYTES)
  const both = new LastBytes(TAIL_BYTES)
  const streamed = new StreamedText(write, max_output_bytes)
  const lines = line === undefined ? undefined : new Lines(line)
  read(started.stdout, [stdout, both, lines ?? streamed.pipe(), { push: () => heard?.() }])
  read(started.stderr, [stderr, both, streamed.pipe()])

  const end = await ended(child, pid, mark, signal, grace_ms)
  unguard()
  for (const pipe of child.stdio) pipe?.destroy()
  lines?.end()
  streamed.end()
  return { end, stdout: stdout.text(), stderr_tail: stderr.text(), output_tail: both.text() }
}

/** Waits for the end of the program, or brings it about; whichever it was, nothing that it started is left after it. */
async function ended(child: EventEmitter, pid: number, mark: string, signal: AbortSignal, grace_ms: number): Promise<ProgramEnd['end']> {
  const exited = new Promise<ProgramEnd['end']>((resolve) => {
    child.once('exit', (code: number | null, by: NodeJS.Signals | null) =>
      resolve(by === null ? { how: 'exited', code: code ?? 0 } : { how: 'signalled', signal: by }),
    )
  })
  /** The program has exited, and nobody holds its pipes any more: all that was printed has been read. */
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  let abort = () => {}
  const aborted = new Promise<'aborted'>((resolve) => (abort = () => resolve('aborted')))
  signal.addEventListener('abort', abort)
  const first = await Promise.race([exited, aborted])
  signal.removeEventListener('abort', abort)

  if (first !== 'aborted') {
    await within(DRAIN_MS, closed)
    signalGroup(pid, 'SIGKILL')
    await endLeftovers(MARK_VARIABLE, mark, 0)
    return first
  }
  // What has left the group, and its environment too, is known by its parents only, as long as these live.
  const outside = descendantsOutside(pid)
  signalGroup(pid, 'SIGTERM')
  signalAll(outside.map((each) => each.pid), 'SIGTERM')
  await within(grace_ms, closed)
  signalGroup(pid, 'SIGKILL')
  await endLeftovers(MARK_VARIABLE, mark, 0, outside)
  // What even KILL does not end (another user's, or stuck in the kernel) must not hold us too.
  await within(grace_ms, exited)
  return { how: 'aborted' }
}

/** Waits for `promise`, but not longer than `ms`. */
async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  // A loop that was blocked meets the timer before it meets what it waited for: let it look once more.
  const waited = new Promise<void>((resolve) => (timer = setTimeout(() => setImmediate(resolve), ms)))
  await Promise.race([promise, waited])
  clearTimeout(timer)
}

function give(pipe: Writable | null, stdin: ProgramRequest['stdin']): void {
  if (pipe === null || stdin === undefined) return
  const input = programInput(pipe)
  if (typeof stdin === 'function') return stdin(input)
  input.write(stdin)
  input.close()
}

function read(pipe: Readable, takers: readonly { push: (chunk: Uint8Array) => void }[]): void {
  pipe.on('data', (chunk: Uint8Array) => {
    for (const taker of takers) taker.push(chunk)
  })
}

async function isFolder(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined)
  return stats?.isDirectory() ?? false
}

function withoutOutput(end: ProgramEnd['end']): ProgramEnd {
  return { end, stdout: '', stderr_tail: '', output_tail: '' }
}

function withoutStart(message: string): ProgramEnd {
  return withoutOutput({ how: 'not-started', message })
}
