import { userInfo } from 'node:os'
import { InvalidArgumentError, type Command } from 'commander'
import { budgetNow, type BudgetNow } from '../../app/budget.ts'
import { reconcile } from '../../app/reconcile.ts'
import type { Workspace } from '../../app/workspace.ts'
import { microUsd } from '../../core/price.ts'
import { limitMeter, type LimitRow } from '../../core/views/limits.ts'
import { formatSeconds, formatUsd } from '../../core/views/units.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { positiveInteger, withWorkspace, workspaceOf, workspaceToLookAt, type WorkspaceOptions } from '../options.ts'
import { columns, complain, err, out, outJson, styleOf } from '../terminal.ts'

type ShowOptions = WorkspaceOptions & { json?: boolean }
type ReconcileOptions = WorkspaceOptions & { attempt?: number; cost: number; reason: string }

const METER_WIDTH = 20
const KEYS = 'monthly_usd, daily_usd, per_project_usd, per_run_usd, per_task_usd'

export function define(command: Command, exit: (code: ExitCode) => void): void {
  withWorkspace(command.command('show', { isDefault: true }).description('show what is spent, set aside and left of each limit'))
    .option('--json', 'print it as JSON, in millionths of a US dollar')
    .action(async (options: ShowOptions) => exit(await show(options)))
  withWorkspace(command.command('reconcile').description('correct what an attempt was settled at'))
    .argument('<run>', 'a run, the end of its name, or "last"')
    .argument('<task>', "the task's id")
    .requiredOption('--cost <usd>', 'what it has cost, in US dollars', usd)
    .requiredOption('--reason <text>', 'how you know; it is kept with the correction', words)
    .option('--attempt <n>', 'which attempt, where there was more than one', positiveInteger)
    .action(async (run: string, task: string, options: ReconcileOptions) => exit(await correct(run, task, options)))
}

async function show(options: ShowOptions): Promise<ExitCode> {
  const workspace = await workspaceOf(options)
  if (workspace === undefined) return EXIT.invalid
  const now = new Date()
  const budget = await budgetNow(workspace, now.toISOString())
  complain(budget.problems, 'warning')
  if (options.json === true) outJson({ ...budget, settings: workspace.config.budget }, 2)
  else print(workspace, budget, now.getTime())
  return EXIT.done
}

/** @param now milliseconds since 1970 */
function print({ config, configured }: Workspace, { limits, today }: BudgetNow, now: number): void {
  const style = styleOf(process.stdout)
  const lines = columns(limits.map((row) => [row.limit, row.of, ...cells(row)]))
  lines.forEach((line, index) => {
    const state = limits[index]?.state ?? 'free'
    out(state === 'free' ? line : style.paint(state === 'warned' ? 'yellow' : 'red', line))
  })
  const { time_zone, warn_at_pct, on_limit } = config.budget
  const left = formatSeconds(Math.max(0, Date.parse(today.ends_at) - now) / 1000)
  out(`\nthe day turns at ${today.ends_at} (midnight in ${time_zone}), in ${left}`)
  out(`a warning comes at ${warn_at_pct} % of a limit; at the limit: ${on_limit}`)
  out(`limits are set in config.json under "budget"${configured ? '' : ' (there is no config.json yet)'}: ${KEYS}`)
}

function cells(row: LimitRow): string[] {
  const { spent_micro_usd, reserved_micro_usd, max_micro_usd, free_micro_usd, state } = row
  const spent = `${formatUsd(spent_micro_usd)} spent`
  const reserved = reserved_micro_usd === 0 ? '' : `${formatUsd(reserved_micro_usd)} set aside`
  if (max_micro_usd === null || free_micro_usd === null) return ['', spent, reserved, 'no limit']
  return [limitMeter(row, METER_WIDTH), spent, reserved, `${formatUsd(free_micro_usd)} free of ${formatUsd(max_micro_usd)}${state === 'free' ? '' : `, ${state}`}`]
}

async function correct(run: string, task: string, { cost, reason, attempt, ...options }: ReconcileOptions): Promise<ExitCode> {
  const workspace = await workspaceToLookAt(options)
  if (workspace === undefined) return EXIT.invalid
  const done = await reconcile(workspace, { run, task, attempt, micro_usd: cost, reason, by: userName() }, new Date().toISOString())
  if ('problem' in done) {
    err(`error: ${done.problem}`)
    return EXIT.invalid
  }
  const { line, old_micro_usd } = done
  out(`attempt ${line.attempt} of "${line.task}" in run ${line.run}: ${formatUsd(cost)} instead of ${formatUsd(old_micro_usd)}`)
  return EXIT.done
}

/** US dollars as micro-dollars. */
function usd(text: string): number {
  const number = Number(text)
  if (text.trim() === '' || !Number.isFinite(number) || number < 0) throw new InvalidArgumentError('it has to be an amount in US dollars, such as 0.42.')
  return microUsd(number)
}

function words(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('it has to say something.')
  return text
}

/** Who corrects. A user without an entry in the system's list, as in some containers, has a number only. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}
