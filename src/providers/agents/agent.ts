import { oneLine } from '../../core/sanitize.ts'
import type { ProgramEnd } from '../../process/program-end.ts'
import type { ProgramInput } from '../../process/program-input.ts'
import { runProgram } from '../../process/run-program.ts'
import { withTempFolder } from '../../process/temp-folder.ts'
import type { Failure } from '../http/chat.ts'
import type { AgentTerms, Answer, AttemptIo, AttemptRequest, Provider } from '../provider.ts'
import type { AgentReader, AgentTask } from './agent-cli.ts'
import { agentEnvironment } from './agent-environment.ts'
import { agentHealth } from './agent-health.ts'
import { failedToStart, programOf, type AgentSetup } from './agent-program.ts'
import { MAX_MESSAGE, refused, withoutAnswer } from './ending.ts'
import { isWithinRoots } from './roots.ts'

/** What is kept of an agent's output as a whole; it is read line by line as it comes. */
const DEFAULT_MAX_OUTPUT_BYTES = 1_000_000

/** Runs an agent's command line: one process for an attempt, the prompt on its stdin, and nothing left of it afterwards. */
export function createAgent(setup: AgentSetup): Provider {
  return {
    prompts: 'verbatim',
    run: (request, io) => runAttempt(setup, request, io),
    health: (signal) => agentHealth(setup, signal),
  }
}

async function runAttempt(setup: AgentSetup, { task, work, model }: AttemptRequest, io: AttemptIo): Promise<Answer> {
  const { name, cli, options, extra } = setup
  if (work.kind === 'command') return refused('bad_request', `${name} takes prompts, and the task ${task} is a command`)
  const { prompt, system, agent } = work
  if (agent === undefined) throw new Error(`bug: the agent ${name} was not told where to work`)
  if (!(await isWithinRoots(agent.cwd, options.roots, extra.workspace))) {
    const message = `${name} may not work in "${agent.cwd}": there is no such folder, or it lies outside "providers.${name}.roots" (${options.roots.join(', ')})`
    return refused('bad_request', message)
  }
  const answer = await withTempFolder(async (folder) => {
    // What costs nothing needs no limit: the CLI's own prices would stop it at money that nobody pays.
    const terms: AgentTerms = options.free ? { ...agent, max_cost_micro_usd: undefined } : agent
    const agentTask: AgentTask = { prompt, system, model: model ?? options.model, terms, folder, args: options.args, ask: io.ask }
    const refusal = cli.refuse?.(agentTask)
    return refusal === undefined ? runProcess(setup, agentTask, io) : refused('bad_request', `${name} ${refusal}`)
  })
  if (answer === undefined) return refused('broken', 'cannot make a temporary folder for the agent')
  return options.free ? { ...answer, cost_micro_usd: 0 } : answer
}

async function runProcess(setup: AgentSetup, task: AgentTask, io: AttemptIo): Promise<Answer> {
  const { cli, options, extra, grace_ms } = setup
  const { signal, write, heard } = io
  const { args, stdin, env } = await cli.call(task)
  const reader = cli.read(task)
  const { cwd, max_cost_micro_usd: most } = task.terms
  const stop = new AbortController()
  const over = new AbortController()
  let bug: unknown
  const broken = (error: unknown) => {
    bug ??= error
    stop.abort('bug')
  }
  const { talk } = reader
  const talked = (input: ProgramInput) => {
    input.write(stdin)
    talk?.({ input, over: over.signal, broken })
  }

  const line = (text: string) => {
    // What is thrown here would end the conductor, not the attempt.
    try {
      const shown = reader.line(text)
      if (shown !== undefined && shown !== '') write(shown.endsWith('\n') ? shown : `${shown}\n`)
      if (most !== undefined && (reader.spent?.() ?? 0) > most) stop.abort('limit')
    } catch (error) {
      broken(error)
    }
  }

  const end = await runProgram({
    command: [programOf(setup), ...args],
    cwd,
    env: agentEnvironment(extra.environment, [...cli.env, ...options.env], { ...env, ...task.terms.env }),
    stdin: talk === undefined ? stdin : talked,
    signal: AbortSignal.any([signal, stop.signal]),
    write,
    line,
    heard,
    max_output_bytes: extra.max_output_bytes ?? DEFAULT_MAX_OUTPUT_BYTES,
    ...(grace_ms === undefined ? {} : { grace_ms }),
  })
  over.abort()
  if (bug !== undefined) throw bug
  if (end.end.how === 'not-started') return failedToStart(setup, end.end)
  if (end.end.how === 'aborted') return stopped(reader, end, signal, most)
  const { session } = task.terms
  const answer = reader.end(end)
  if (session.resume && reader.sessionLost?.(end) === true) {
    const anew = await runProcess(setup, { ...task, terms: { ...task.terms, session: { ...session, resume: false } } }, io)
    return answer.result === 'failed' && anew.result === 'failed' && anew.unspent === true ? afterBoth(answer, anew) : anew
  }
  if (answer.result === 'failed') return { ...answer, message: oneLine(answer.message, MAX_MESSAGE) }
  return answer.text.trim() === '' ? withoutAnswer(answer) : answer
}

/** The session could not be gone on with, nor begun anew: why it was not the first time may be the reason of both. */
function afterBoth(first: Failure, anew: Failure): Failure {
  return { ...anew, message: oneLine(`${first.message}; when it was begun anew: ${anew.message}`, MAX_MESSAGE) }
}

/** An attempt that we ended ourselves. What it cost is only known if it had said so in the end, or as it went past its limit. */
function stopped(reader: AgentReader, end: ProgramEnd, signal: AbortSignal, most: number | undefined): Answer {
  const { usage, cost_micro_usd } = reader.end(end)
  if (signal.aborted) return { result: 'failed', kind: 'interrupted', message: 'the agent was interrupted', usage, cost_micro_usd }
  const spent = Math.max(reader.spent?.() ?? 0, cost_micro_usd ?? 0)
  const message = `the agent was stopped at ${usd(spent)}; it may use ${usd(most ?? 0)}`
  return { result: 'failed', kind: 'limit_reached', message, usage, cost_micro_usd: spent }
}

function usd(micro_usd: number): string {
  return `$${(micro_usd / 1_000_000).toFixed(6)}`
}
