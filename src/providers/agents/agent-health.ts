import { oneLine } from '../../core/sanitize.ts'
import { describeEnd } from '../../process/program-end.ts'
import { runProgram } from '../../process/run-program.ts'
import type { Health } from '../provider.ts'
import { agentEnvironment } from './agent-environment.ts'
import { howToInstall, programOf, type AgentSetup } from './agent-program.ts'
import { MAX_MESSAGE } from './ending.ts'

const MAX_VERSION = 80
const MAX_VERSION_BYTES = 4096

/** Whether the program is there and starts, which its version tells. That it is missing does not pass by itself; everything else may. */
export async function agentHealth(setup: AgentSetup, signal: AbortSignal): Promise<Health> {
  const { name, cli, options, extra } = setup
  const program = programOf(setup)
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
    case 'signalled':
      if (end.how === 'exited' && end.code === 0) return { state: 'ready', detail: `${cli.program} ${oneLine(stdout, MAX_VERSION)}` }
      return unreachable(`"${program} --version" did not work: ${describeEnd(end)}`)
    case 'not-started':
      if (end.why !== 'missing') return unreachable(end.message)
      return { state: 'misconfigured', detail: oneLine(howToInstall(name, end.message), MAX_MESSAGE) }
    case 'aborted':
      return unreachable(`"${program} --version" did not answer in time`)
  }
}

function unreachable(detail: string): Health {
  return { state: 'unreachable', detail: oneLine(detail, MAX_MESSAGE) }
}
