import type { Command } from 'commander'
import { conductorOf } from '../../app/lock.ts'
import { eventsOfRun, manifestOfRun, replayRun } from '../../app/runs.ts'
import type { Manifest } from '../../core/views/manifest.ts'
import type { RunState } from '../../core/state.ts'
import type { Spending } from '../../core/views/spending.ts'
import { formatBytes, formatUsd, plural } from '../../core/units.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { findRun } from '../find-run.ts'
import { withWorkspace, type WorkspaceOptions } from '../options.ts'
import { eventPrinter } from '../print-events.ts'
import { outRows } from '../rows.ts'
import { hanging, out, outJson, styleOf } from '../terminal.ts'
import { printRun } from './status.ts'

type Options = WorkspaceOptions & { events?: boolean; json?: boolean }

export function define(command: Command, exit: (code: ExitCode) => void): void {
  withWorkspace(command)
    .argument('[run]', 'a run, or the end of its name', 'last')
    .option('--events', 'what happened, event by event')
    .option('--json', 'print the manifest (or, with --events, the events) as JSON')
    .action(async (reference: string, options: Options) => exit(await show(reference, options)))
}

async function show(reference: string, options: Options): Promise<ExitCode> {
  const found = await findRun(options, reference)
  if (found === undefined) return EXIT.invalid
  const { workspace, folder } = found
  if (options.events === true) {
    const print = eventPrinter(options.json === true, () => true)
    for (const event of await eventsOfRun(folder)) print(event)
    return EXIT.done
  }
  const manifest = await manifestOfRun(folder)
  if (options.json === true) outJson(manifest, 2)
  else print(manifest, (await replayRun(folder)).state, folder.path, await conductorOf(workspace))
  return EXIT.done
}

/** What a task spent on one route, whether that was enough, and why it took it. */
function routeRow(id: string, { tier, provider, model, reason, attempts, cost_micro_usd, passed }: Spending): string[] {
  const route = [provider, model, tier === undefined ? undefined : `tier ${tier}`].filter((part) => part !== undefined).join(' · ')
  return [id, `${route}: ${plural(attempts, 'attempt')}, ${formatUsd(cost_micro_usd)}, ${passed ? 'passed' : 'not passed'} — ${reason}`]
}

function print(manifest: Manifest, state: RunState, path: string, pid: number | undefined): void {
  const style = styleOf(process.stdout)
  printRun(manifest, state, pid, true)
  const routed = manifest.tasks.flatMap(({ id, spending }) => spending.map((part) => routeRow(id, part)))
  if (routed.length > 0) out('\nroutes')
  outCells(routed)
  const checked = manifest.tasks.filter(({ checks }) => checks.length > 0)
  if (checked.length > 0) out('\nchecks')
  for (const { id, checks } of checked) {
    out(`  ${id}`)
    for (const { rule, expected, found, passed } of checks) {
      out(hanging(process.stdout, `    ${style.sign(passed ? 'complete' : 'failed')} `, `${rule}: ${expected}${passed ? '' : ` (${found})`}`, 8))
    }
  }
  const refused = manifest.tasks.flatMap(({ id, refused_files = [] }) => refused_files.map((file) => [id, file.path, file.reason]))
  if (refused.length > 0) out('\nrefused files')
  outCells(refused)
  if (manifest.files.length > 0) out(`\nfiles in ${path}`)
  outCells(manifest.files.map(({ path: file, size, media_type }) => [file, formatBytes(size), media_type]))
}

function outCells(rows: readonly string[][]): void {
  outRows(
    rows.map((cells) => ({ cells })),
    2,
  )
}
