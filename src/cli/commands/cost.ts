import { InvalidArgumentError, Option, type Command } from 'commander'
import { checkLedger, type LedgerCheck } from '../../app/check-ledger.ts'
import { costReport, type Since } from '../../app/cost.ts'
import { COST_GROUPS, type CostGroup, type CostReport, type CostSum } from '../../core/views/cost.ts'
import { savingsTexts, verifiedText } from '../../core/views/cost-text.ts'
import { formatTokens, formatUsd, formatUsdAlike, plural } from '../../core/units.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { withWorkspace, workspaceToLookAt, type WorkspaceOptions } from '../options.ts'
import { tableLines } from '../table.ts'
import { errWrapped, out, outJson, outWrapped, widthOf } from '../terminal.ts'

type Options = WorkspaceOptions & { by: CostGroup; since?: Since; json?: boolean; check?: boolean }

const VERIFIED = `
A verified success is a task that is complete with all of its checks passed.
It costs what was spent on all tasks with checks, rehearsals left out.`

export function define(command: Command, exit: (code: ExitCode) => void): void {
  withWorkspace(command)
    .addOption(new Option('--by <what>', 'what to add it up by').choices(COST_GROUPS).default('day'))
    .option('--since <when>', 'the last so many days (7d), or from a day on (2026-11-01)', since)
    .option('--json', 'print it as JSON, in millionths of a US dollar')
    .option('--check', 'prove that the ledger says what the runs say')
    .addHelpText('after', VERIFIED)
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
    throw new InvalidArgumentError('It has to be a number of days such as 7d, or a day such as 2026-11-01.')
  }
  return { day: text }
}

function printReport(report: CostReport): void {
  const { by, rows, total } = report
  // Runs are named by the end of their names, which is enough to find them by.
  const names = rows.map(({ name }) => (by === 'task' ? name.replace(/^.*(.{4})\/(.*)$/, '$1 $2') : name))
  const head = [by, 'spent', 'estimated', 'corrected', 'attempts', 'tokens in', 'in, cached', 'out']
  for (const line of tableLines(head, cells([...names, 'total'], [...rows, total]), 1, widthOf(process.stdout))) out(line)
  out('')
  for (const text of [verifiedText(report), ...savingsTexts(report)]) outWrapped(text)
}

/** Nothing is told of what is nothing in a column, so that one without anything is left out; what was spent is. */
function cells(names: readonly string[], sums: readonly CostSum[]): string[][] {
  const usd = (amounts: readonly number[]) => formatUsdAlike(amounts).map((text, index) => (amounts[index] === 0 ? '' : text))
  const count = (amount: number) => (amount === 0 ? '' : formatTokens(amount))
  const estimated = usd(sums.map(({ estimated_micro_usd }) => estimated_micro_usd))
  const corrected = usd(sums.map(({ corrected_micro_usd }) => corrected_micro_usd))
  return formatUsdAlike(sums.map(({ spent_micro_usd }) => spent_micro_usd)).map((spent, index) => {
    const { attempts = 0, tokens } = sums[index] ?? {}
    return [
      names[index] ?? '',
      spent,
      estimated[index] ?? '',
      corrected[index] ?? '',
      String(attempts),
      ...[tokens?.input, tokens?.cached, tokens?.output].map((amount = 0) => count(amount)),
    ]
  })
}

function printCheck({ equal, differences, damaged, under_way, deleted, corrected_micro_usd }: LedgerCheck): void {
  for (const { run, ledger_micro_usd, manifest_micro_usd } of differences) {
    errWrapped(`error: run ${run}: ${formatUsd(ledger_micro_usd)} in the ledger, ${formatUsd(manifest_micro_usd)} in its manifest`)
  }
  for (const { run, problem } of damaged) errWrapped(`error: run ${run} cannot be read: ${problem}`)
  out(`${plural(equal, 'run')}: the ledger and the manifest say the same`)
  if (under_way.length > 0) out(`left out, as not all of it is in the ledger yet: ${under_way.join(', ')}`)
  if (deleted.runs > 0) out(`${plural(deleted.runs, 'run')} of the ledger deleted since: ${formatUsd(deleted.ledger_micro_usd)}`)
  if (corrected_micro_usd !== 0) out(`corrections, which stand in the ledger only: ${formatUsd(corrected_micro_usd)}`)
}
