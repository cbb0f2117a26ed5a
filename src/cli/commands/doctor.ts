import type { Command } from 'commander'
import { diagnose, type Finding } from '../../app/doctor.ts'
import type { Workspace } from '../../app/workspace.ts'
import type { TaskStatus } from '../../core/task-state.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { withWorkspace, workspaceOf, type WorkspaceOptions } from '../options.ts'
import { outRows } from '../rows.ts'
import { complain, out, outJson, outWrapped, styleOf } from '../terminal.ts'

type Options = WorkspaceOptions & { config?: boolean; json?: boolean }

const SIGN: Record<Finding['state'], TaskStatus> = { ready: 'complete', unreachable: 'incomplete', misconfigured: 'failed', absent: 'waiting' }

export function define(command: Command, exit: (code: ExitCode) => void): void {
  withWorkspace(command)
    .option('--config', 'print the configuration too, as it is in effect')
    .option('--json', 'print it as JSON: the configuration, and what was found')
    .action(async (options: Options) => exit(await doctor(options)))
}

async function doctor(options: Options): Promise<ExitCode> {
  const workspace = await workspaceOf(options)
  if (workspace === undefined) return EXIT.invalid
  const diagnosis = await diagnose(workspace)
  // The configuration as it was written: a secret stands in it as ${NAME} and is not filled in here.
  const { config } = workspace
  const isBroken = Object.values(diagnosis).some((findings) => findings.some(({ state }) => state === 'misconfigured'))
  const code = isBroken ? EXIT.failed : EXIT.done
  if (options.json === true) {
    outJson({ config, ...diagnosis }, 2)
    return code
  }
  complain(workspace.warnings, 'warning')
  outWrapped(`workspace ${workspace.dir}, project ${workspace.project}`)
  outWrapped(`prompts go to ${whereTo(workspace)} unless their task says otherwise`)
  section('providers', diagnosis.providers)
  section('routes', diagnosis.routes)
  section('agent CLIs', diagnosis.agents)
  section('keys', diagnosis.keys)
  section('folders', diagnosis.folders)
  if (options.config === true) {
    out(`\nconfiguration (${workspace.configured ? 'config.json over the defaults' : 'there is no config.json: the defaults'})`)
    out(JSON.stringify(config, null, 2))
  }
  return code
}

/** Where prompts go that do not say; what a run was asked for comes first, as it does in a run. */
function whereTo({ settings }: Workspace): string {
  const { override, routing, tiers, default_provider } = settings
  const tier = routing.default_tier ?? Object.keys(tiers)[0]
  const provider = override.provider ?? (tier === undefined ? default_provider : undefined)
  return provider === undefined ? `the tier ${tier}` : `the provider ${provider}`
}

function section(title: string, findings: readonly Finding[]): void {
  if (findings.length === 0) return
  const style = styleOf(process.stdout)
  out(`\n${title}`)
  outRows(
    findings.map(({ what, detail, state }) => ({ sign: style.sign(SIGN[state]), cells: [what, detail] })),
    2,
  )
}
