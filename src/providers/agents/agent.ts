import { resolve } from 'node:path'
import type { FailureKind } from '../../core/outcome.ts'
import { oneLine } from '../../core/sanitize.ts'
import { describeEnd, type ProgramEnd } from '../../process/program-end.ts'
import { runProgram } from '../../process/run-program.ts'
import { withTempFolder } from '../../process/temp-folder.ts'
import type { AgentTerms, Answer, AttemptIo, AttemptRequest, Health, Provider } from '../provider.ts'
import type { ProviderExtra } from '../provider-type.ts'
import type { AgentCli, AgentReader, AgentTask } from './agent-cli.ts'
import { agentEnvironment } from './agent-environment.ts'
import type { AgentOptions } from './agent-options.ts'
import { isWithinRoots } from './roots.ts'

/** What is kept of an agent's output as a whole; it is read line by line as it comes. */
const DEFAULT_MAX_OUTPUT_BYTES = 1_000_000
const MAX_MESSAGE = 600
const MAX_VERSION = 80
const MAX_VERSION_BYTES = 4096

export type AgentSetup = {
  /** Its name in the configuration, for messages. */
  name: string
  cli: AgentCli
  options: AgentOptions
  extra: ProviderExtra
  /** Between TERM and KILL when an attempt is ended. */
  grace_ms?: number
}

/** Runs an agent's command line: one process for an attempt, the prompt on its stdin, and nothing left of it afterwards. */
export function createAgent(setup: AgentSetup): Provider {
  return {
    prompts: 'verbatim',
    run: (request, io) => runAttempt(setup, request, io),
    health: (signal) => health(setup, signal),
  }
}

async function runAttempt(setup: AgentSetup, { task, work, model }: AttemptRequest, io: AttemptIo): Promise<Answer> {
  const { name, cli, options, extra } = setup
  if (work.kind === 'command') return failed('bad_request', `${name} takes prompts, and the task ${task} is a command`)
  const { prompt, system, agent } = work
  if (agent === undefined) throw new Error(`bug: the agent ${name} was not told where to work`)
  if (!(await isWithinRoots(agent.cwd, options.roots, extra.workspace))) {
    const message = `${name} may not work in "${agent.cwd}": there is no such folder, or it lies outside "providers.${name}.roots" (${options.roots.join(', ')})`
    return failed('bad_request', message)
  }
  const answer = await withTempFolder(async (folder) => {
    // What costs nothing needs no limit: the CLI's own prices would stop it at money that nobody pays.
    const terms: AgentTerms = options.free ? { ...agent, max_cost_micro_usd: undefined } : agent
    const agentTask: AgentTask = { prompt, system, model: model ?? options.model, terms, folder, args: options.args }
    const refusal = cli.refuse?.(agentTask)
    return refusal === undefined ? runProcess(setup, agentTask, io) : failed('bad_request', `${name} ${refusal}`)
  })
  if (answer === undefined) return failed('broken', 'cannot make a temporary folder for the agent')
  return options.free ? { ...answer, cost_micro_usd: 0 } : answer
}

async function runProcess(setup: AgentSetup, task: AgentTask, io: AttemptIo): Promise<Answer> {
  const { name, cli, options, extra, grace_ms } = setup
  const { signal, write } = io
  const { args, stdin, env } = await cli.call(task)
  const reader = cli.read(task)
  const { cwd, max_cost_micro_usd: most } = task.terms
  const stop = new AbortController()
  let bug: unknown

  const line = (text: string) => {
    // What is thrown here would end the conductor, not the attempt.
    try {
      const shown = reader.line(text)
      if (shown !== undefined && shown !== '') write(shown.endsWith('\n') ? shown : `${shown}\n`)
      if (most !== undefined && (reader.spent?.() ?? 0) > most) stop.abort('limit')
    } catch (error) {
      bug ??= error
      stop.abort('bug')
    }
  }

  const end = await runProgram({
    command: [programOf(cli, options, extra), ...args],
    cwd,
    env: agentEnvironment(extra.environment, [...cli.env, ...options.env], { ...env, ...task.terms.env }),
    stdin,
    signal: AbortSignal.any([signal, stop.signal]),
    write,
    line,
    max_output_bytes: extra.max_output_bytes ?? DEFAULT_MAX_OUTPUT_BYTES,
    ...(grace_ms === undefined ? {} : { grace_ms }),
  })
  if (bug !== undefined) throw bug
  if (end.end.how === 'not-started') return notStarted(name, end.end)
  if (end.end.how === 'aborted') return stopped(reader, end, signal, most)
  const { session } = task.terms
  if (session.resume && reader.sessionLost?.(end) === true) {
    return runProcess(setup, { ...task, terms: { ...task.terms, session: { ...session, resume: false } } }, io)
  }
  const answer = reader.end(end)
  return answer.result === 'failed' ? { ...answer, message: oneLine(answer.message, MAX_MESSAGE) } : answer
}

/** An attempt that we ended ourselves. What it cost is only known if it had said so in the end, or as it went past its limit. */
function stopped(reader: AgentReader, end: ProgramEnd, signal: AbortSignal, most: number | undefined): Answer {
  const { usage, cost_micro_usd } = reader.end(end)
  if (signal.aborted) return { result: 'failed', kind: 'interrupted', message: 'the agent was interrupted', usage, cost_micro_usd }
  const spent = Math.max(reader.spent?.() ?? 0, cost_micro_usd ?? 0)
  const message = `the agent was stopped at ${usd(spent)}; it may use ${usd(most ?? 0)}`
  return { result: 'failed', kind: 'limit_reached', message, usage, cost_micro_usd: spent }
}

/** A failure before any work was done. */
function failed(kind: FailureKind, message: string): Answer {
  return { result: 'failed', kind, message: oneLine(message, MAX_MESSAGE), unspent: true }
}

function usd(micro_usd: number): string {
  return `$${(micro_usd / 1_000_000).toFixed(6)}`
}

/** A path is relative to the workspace, as all others in the configuration; a name is looked up in PATH. */
function programOf(cli: AgentCli, { program = cli.program }: AgentOptions, { workspace }: ProviderExtra): string {
  return program.includes('/') ? resolve(workspace, program) : program
}

function notStarted(name: string, { message, missing }: { message: string; missing?: true }): Answer {
  return missing === true ? failed('not_installed', howToInstall(name, message)) : failed('bad_request', message)
}

function howToInstall(name: string, message: string): string {
  return `${message}; install it, or say where it is with "providers.${name}.program"`
}

async function health({ name, cli, options, extra }: AgentSetup, signal: AbortSignal): Promise<Health> {
  const program = programOf(cli, options, extra)
  const { end, stdout } = await runProgram({
    command: [program, '--version'],
    cwd: extra.workspace,
    env: agentEnvironment(extra.environment, [...cli.env, ...options.env], {}),
    signal,
    write: () => undefined,
    max_output_bytes: MAX_VERSION_BYTES,
  })
  switch (end.how) {
    case 'exited':
    case 'signalled': {
      if (end.how === 'exited' && end.code === 0) return { state: 'ready', detail: oneLine(`${cli.program} ${stdout}`, MAX_VERSION) }
      return { state: 'misconfigured', detail: oneLine(`"${program} --version" did not work: ${describeEnd(end)}`, MAX_MESSAGE) }
    }
    case 'not-started':
      return { state: 'misconfigured', detail: oneLine(end.missing === true ? howToInstall(name, end.message) : end.message, MAX_MESSAGE) }
    case 'aborted':
      return { state: 'unreachable', detail: oneLine(`"${program} --version" did not answer in time`, MAX_MESSAGE) }
  }
}
