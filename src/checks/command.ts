import * as z from 'zod'
import { oneLine } from '../core/sanitize.ts'
import { childEnvironment } from '../process/environment.ts'
import { describeEnd, type ProgramEnd } from '../process/program-end.ts'
import type { Check, Subject } from './check.ts'

const DEFAULT_TIMEOUT_S = 300
const MAX_TIMEOUT_S = 86_400
const MAX_FOUND = 200
/** A check's output is looked at only where it ends. */
const MAX_OUTPUT_BYTES = 4096

const Command = z.union([z.string().min(1), z.array(z.string()).min(1)])
type Command = z.infer<typeof Command>
const Value = z.union([Command, z.strictObject({ command: Command, timeout_s: z.number().positive().max(MAX_TIMEOUT_S).optional() })])
type Value = z.infer<typeof Value>

/**
 * A command exits with 0 where the task works.
 *
 * @param secrets names of environment variables that it does not get to see
 */
export function createCommandCheck(secrets: readonly string[]): Check<Value> {
  return {
    rule: 'command',
    value: Value.describe("a command that must exit with 0 in the task's folder: a text for the shell, a list, or {command, timeout_s}"),
    run: async (value, subject) => {
      const { command, timeout_s = DEFAULT_TIMEOUT_S } = typeof value === 'string' || Array.isArray(value) ? { command: value } : value
      const { end, output, timed_out } = await runFor(timeout_s, command, subject, secrets)
      const found = timed_out ? `no end after ${timeout_s} s` : describeEnd(end)
      return [
        {
          rule: 'command',
          expected: `the command ${JSON.stringify(command)} exits with 0`,
          found: oneLine(output === '' ? found : `${found}: ${oneLine(output, MAX_FOUND - found.length - 2, 'end')}`, MAX_FOUND),
          passed: end.how === 'exited' && end.code === 0,
        },
      ]
    },
  }
}

type Run = { end: ProgramEnd['end']; output: string; timed_out: boolean }

async function runFor(timeout_s: number, command: Command, subject: Subject, secrets: readonly string[]): Promise<Run> {
  // Reading a task file needs this room's schemas, but not what runs programs.
  const { runProgram } = await import('../process/run-program.ts')
  const stop = new AbortController()
  const interrupt = () => stop.abort('interrupted')
  const timer = setTimeout(() => stop.abort('timeout'), timeout_s * 1000)
  subject.signal.addEventListener('abort', interrupt)
  if (subject.signal.aborted) interrupt()
  try {
    const { end, output_tail } = await runProgram({
      command,
      cwd: subject.cwd,
      env: childEnvironment(process.env, { remove: secrets, add: subject.env }),
      signal: stop.signal,
      write: () => undefined,
      max_output_bytes: MAX_OUTPUT_BYTES,
    })
    return { end, output: output_tail.trim(), timed_out: end.how === 'aborted' && stop.signal.reason === 'timeout' }
  } finally {
    clearTimeout(timer)
    subject.signal.removeEventListener('abort', interrupt)
  }
}
