import { access, constants } from 'node:fs/promises'
import { oneLine } from '../core/sanitize.ts'
import { childEnvironment } from '../process/environment.ts'
import { describeEnd, type ProgramEnd } from '../process/program-end.ts'
import { runProgram, SHELL } from '../process/run-program.ts'
import { ASKING, askingChannel } from './command-asks.ts'
import type { Answer, AttemptRequest, Health, Provider } from './provider.ts'

const DEFAULT_MAX_OUTPUT_BYTES = 10 * 1024 * 1024
const MAX_MESSAGE = 600

export type CommandOptions = {
  /** Its name in the configuration, for messages. */
  name: string
  /** Names of environment variables that commands do not get to see … */
  secrets: readonly string[]
  /** … but for these. */
  env?: readonly string[]
  max_output_bytes?: number
}

/** Runs the commands of tasks on this machine. The answer is what a command prints to stdout. */
export function createCommand({ name, secrets, env = [], max_output_bytes = DEFAULT_MAX_OUTPUT_BYTES }: CommandOptions): Provider {
  // Where we are asked for ourselves, by a command of another run, our descriptors are not those of a command of ours.
  const remove = [...secrets.filter((secret) => !env.includes(secret)), ...Object.keys(ASKING)]
  return {
    run: async ({ task, work }: AttemptRequest, { signal, write, ask }): Promise<Answer> => {
      if (work.kind === 'prompt') {
        return { result: 'failed', kind: 'bad_request', message: `${name} runs commands, and the task ${task} is a prompt` }
      }
      const over = new AbortController()
      const stop = new AbortController()
      let bug: unknown
      const broken = (error: unknown) => {
        bug ??= error
        stop.abort()
      }
      const ended = await runProgram({
        command: work.command,
        cwd: work.cwd,
        env: childEnvironment(process.env, { remove, add: ask === undefined ? work.env : { ...work.env, ...ASKING } }),
        channel: ask === undefined ? undefined : askingChannel(ask, write, over.signal, broken),
        signal: AbortSignal.any([signal, stop.signal]),
        write,
        max_output_bytes,
      })
      over.abort()
      if (bug !== undefined) throw bug
      return asAnswer(ended)
    },
    health,
  }
}

function asAnswer({ end, stdout, stderr_tail, output_tail }: ProgramEnd): Answer {
  switch (end.how) {
    case 'exited':
    case 'signalled': {
      if (end.how === 'exited' && end.code === 0) return { result: 'answered', text: stdout, finish: 'stop' }
      const said = tellingLine(stderr_tail) || tellingLine(output_tail)
      const message = said === '' ? describeEnd(end) : `${describeEnd(end)}: ${said}`
      return { result: 'failed', kind: 'command_failed', message }
    }
    case 'not-started':
      return { result: 'failed', kind: 'command_failed', message: oneLine(end.message, MAX_MESSAGE) }
    case 'aborted':
      return { result: 'failed', kind: 'interrupted', message: 'the command was interrupted' }
  }
}

/**
 * The line that tells most: the last that speaks of an error, else the last there is. It is for people
 * only; what kind of failure it was is told by the exit code.
 */
function tellingLine(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const line = lines.findLast((each) => /\b(?:\w*error|fatal|failed|panic|exception)\b/i.test(each)) ?? lines.at(-1) ?? ''
  return oneLine(line, MAX_MESSAGE)
}

async function health(): Promise<Health> {
  try {
    await access(SHELL, constants.X_OK)
    return { state: 'ready', detail: `commands are run by ${SHELL}` }
  } catch {
    return { state: 'misconfigured', detail: `there is no ${SHELL}, which runs commands that are written as one string` }
  }
}
