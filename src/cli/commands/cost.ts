import { InvalidArgumentError, Option, type Command } from 'commander'
import { checkLedger, type LedgerCheck } from '../../app/check-ledger.ts'
import { costReport, type Since } from '../../app/cost.ts'
import { COST_GROUPS, type CostGroup, type CostReport, type CostSum } from '../../core/views/cost.ts'
import { formatTokens, formatUsd, plural } from '../../core/views/units.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { withWorkspace, workspaceToLookAt, type WorkspaceOptions } from '../options.ts'
import { columns, err, out, outJson } from '../terminal.ts'

type Options = WorkspaceOptions & { by: CostGroup; since?: Since; json?: boolean; check?: boolean }

export function define(command: Command, exit: (code: ExitCode) => void): void {
  withWorkspace(command)
    .addOption(new Option('--by <what>', 'what to add it up by').choices(COST_GROUPS).default('day'))
    .option('--since <when>', 'the last so many days (7d), or from a day on (2026-11-01)', since)
    .option('--json', 'print it as JSON, in millionths of a US dollar')
    .option('--check', 'prove that the ledger says what the runs say')
    .action(async (options: Options) => exit(await cost(options)))
}

async function cost(options: Options): Promise<ExitCode> {
  const workspace = await workspaceToLookAt(options)
  if (workspace === undefined) return EXIT.invalid
  if (options.check === true) {
    const check = await checkLedger(workspace)
    if (options.json === true) outJson(check, 2)
    else printCheck(check)
    return check.differences.length + check.damaged.length === 0 ? EXIT.done : EXIT.failed
  }
  const report = await costReport(workspace, options.by, options.since, new Date().toISOString())
  if (options.json === true) outJson(report, 2)
  else if (report.rows.length === 0) out('nothing was spent')
  else printReport(report)
  return EXIT.done
}

function since(text: string): Since {
  const days = /^(\d{1,5})d$/.exec(text)?.[1]
  if (days !== undefined && Number(days) > 0) return { days: Number(days) }
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined
  if (date === undefined || Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text)) {
    throw new InvalidArgumentError('it has to be a number of days such as 7d, or a day such as 2026-11-01.')
  }
  return { day: text }
}

function printReport({ by, rows, total, verified, tasks_unknown, top_tier }: CostReport): void {
  const head = [by, 'spent', 'estimated', 'corrected', 'attempts', 'tokens in', 'cached', 'out']
  for (const line of columns([head, ...rows.map((row) => cells(row.name, row)), cells('total', total)])) out(line)
  out('')
  const gone = tasks_unknown === 0 ? '' : `; ${plural(tasks_unknown, 'task')} of deleted runs left out`
  if (verified === undefined) out(`no task is verified: complete, with at least one check held against its output${gone}`)
  else {
    const { tasks, spent_micro_usd, per_task_micro_usd } = verified
    out(`${formatUsd(per_task_micro_usd)} for each verified success: ${formatUsd(spent_micro_usd)} in all, ${plural(tasks, 'task')} complete and checked${gone}`)
  }
  if (top_tier === undefined) return
  const { tier, tasks, spent_micro_usd, would_be_micro_usd, saved_micro_usd } = top_tier
  const compared = `${formatUsd(spent_micro_usd)} instead of about ${formatUsd(would_be_micro_usd)} had ${plural(tasks, 'task')} gone to the tier ${tier} at once`
  out(`${saved_micro_usd < 0 ? 'lost' : 'saved'} about ${formatUsd(Math.abs(saved_micro_usd))} by starting cheap, an estimate: ${compared}`)
}

function cells(name: string, { spent_micro_usd, estimated_micro_usd, corrected_micro_usd, attempts, tokens }: CostSum): string[] {
  const unlessNothing = (micro_usd: number) => (micro_usd === 0 ? '' : formatUsd(micro_usd))
  const { input, cached, output } = tokens
  return [
    name,
    formatUsd(spent_micro_usd),
    unlessNothing(estimated_micro_usd),
    unlessNothing(corrected_micro_usd),
    String(attempts),
    ...[input, cached, output].map(formatTokens),
  ]
}

function printCheck({ equal, differences, damaged, under_way, deleted, corrected_micro_usd }: LedgerCheck): void {
  for (const { run, ledger_micro_usd, manifest_micro_usd } of differences) {
    err(`error: run ${run}: ${formatUsd(ledger_micro_usd)} in the ledger, ${formatUsd(manifest_micro_usd)} in its manifest`)
  }
  for (const { run, problem } of damaged) err(`error: run ${run} cannot be read: ${problem}`)
  out(`${plural(equal, 'run')}: the ledger and the manifest say the same`)
  if (under_way.length > 0) out(`left out, as it is under way: ${under_way.join(', ')}`)
  if (deleted.runs > 0) out(`${plural(deleted.runs, 'run')} of the ledger deleted since: ${formatUsd(deleted.ledger_micro_usd)}`)
  if (corrected_micro_usd !== 0) out(`corrections, which stand in the ledger only: ${formatUsd(corrected_micro_usd)}`)
}
