import type { Command } from 'commander'
import { diagnose, type Finding } from '../../app/doctor.ts'
import type { TaskStatus } from '../../core/task-state.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { withWorkspace, workspaceOf, type WorkspaceOptions } from '../options.ts'
import { columns, complain, out, outJson, styleOf } from '../terminal.ts'

type Options = WorkspaceOptions & { json?: boolean }

const SIGN: Record<Finding['state'], TaskStatus> = { ready: 'complete', unreachable: 'incomplete', misconfigured: 'failed', absent: 'waiting' }

export function define(command: Command, exit: (code: ExitCode) => void): void {
  withWorkspace(command)
    .option('--json', 'print it as JSON')
    .action(async (options: Options) => exit(await doctor(options)))
}

async function doctor(options: Options): Promise<ExitCode> {
  const workspace = await workspaceOf(options)
  if (workspace === undefined) return EXIT.invalid
  const diagnosis = await diagnose(workspace)
  // The configuration as it was written: a secret stands in it as ${NAME} and is not filled in here.
  const { config, settings } = workspace
  const isBroken = Object.values(diagnosis).some((findings) => findings.some(({ state }) => state === 'misconfigured'))
  const code = isBroken ? EXIT.failed : EXIT.done
  if (options.json === true) {
    outJson({ config, ...diagnosis }, 2)
    return code
  }
  complain(workspace.warnings, 'warning')
  out(`workspace ${workspace.dir}, project ${workspace.project}`)
  out(`prompts go to ${settings.override.provider ?? settings.routing.default_tier ?? Object.keys(settings.tiers)[0] ?? settings.default_provider} unless their task says otherwise`)
  out(`\nconfiguration (${workspace.configured ? 'config.json over the defaults' : 'there is no config.json: the defaults'})`)
  out(JSON.stringify(config, null, 2))
  section('providers', diagnosis.providers)
  section('routes', diagnosis.routes)
  section('agent CLIs', diagnosis.agents)
  section('keys', diagnosis.keys)
  section('folders', diagnosis.folders)
  return code
}

function section(title: string, findings: readonly Finding[]): void {
  if (findings.length === 0) return
  const style = styleOf(process.stdout)
  out(`\n${title}`)
  columns(findings.map(({ what, detail }) => [what, detail])).forEach((text, index) => {
    const finding = findings[index]
    if (finding !== undefined) out(`  ${style.sign(SIGN[finding.state])} ${text}`)
  })
}
