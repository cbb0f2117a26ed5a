import { InvalidArgumentError, type Command } from 'commander'
import { budgetNow, type BudgetNow } from '../../app/budget.ts'
import { reconcile } from '../../app/reconcile.ts'
import type { Workspace } from '../../app/workspace.ts'
import { microUsd } from '../../core/price.ts'
import { limitMeter } from '../../core/views/limits.ts'
import { formatSeconds, formatTime, formatUsd, formatUsdAlike } from '../../core/units.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { positiveInteger, withSharedWorkspace, workspaceOf, workspaceToLookAt, type WorkspaceOptions } from '../options.ts'
import { tableLines } from '../table.ts'
import { complain, errWrapped, out, outJson, outWrapped, styleOf, widthOf } from '../terminal.ts'
import { userName } from '../user-name.ts'

type ShowOptions = WorkspaceOptions & { json?: boolean }
type ReconcileOptions = WorkspaceOptions & { attempt?: number; cost: number; reason: string }

const METER_WIDTH = 10
const KEYS = 'monthly_usd, daily_usd, per_project_usd, per_run_usd, per_task_usd'

export function define(command: Command, exit: (code: ExitCode) => void): void {
  withSharedWorkspace(command)
  command
    .command('show', { isDefault: true })
    .description('show what is spent, set aside and left of each limit')
    .option('--json', 'print it as JSON, in millionths of a US dollar')
    .action(async (_: unknown, called: Command) => exit(await show(called.optsWithGlobals<ShowOptions>())))
  command
    .command('reconcile')
    .description('correct what an attempt was settled at')
    .argument('<run>', 'a run, the end of its name, or "last"')
    .argument('<task>', "the task's id")
    .requiredOption('--cost <usd>', 'what it has cost, in US dollars (required)', usd)
    .requiredOption('--reason <text>', 'how you know; it is kept with the correction (required)', words)
    .option('--attempt <n>', 'which attempt, where there was more than one', positiveInteger)
    .action(async (run: string, task: string, _: unknown, called: Command) => exit(await correct(run, task, called.optsWithGlobals<ReconcileOptions>())))
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
  const [head = '', ...lines] = tableLines(HEAD, limitCells(limits), 2, widthOf(process.stdout))
  out(head)
  lines.forEach((line, index) => {
    const state = limits[index]?.state ?? 'free'
    out(state === 'free' ? line : style.paint(state === 'warned' ? 'yellow' : 'red', line))
  })
  const { time_zone, warn_at_pct, on_limit } = config.budget
  const left = formatSeconds(Math.max(0, Date.parse(today.ends_at) - now) / 1000)
  out('')
  outWrapped(`the day turns at ${formatTime(today.ends_at)} (midnight in ${time_zone}), in ${left}`)
  outWrapped(`a warning comes at ${warn_at_pct} % of a limit; at the limit: ${on_limit}`)
  outWrapped(`limits are set in config.json under "budget"${configured ? '' : ' (there is no config.json yet)'}: ${KEYS}`)
}

const HEAD = ['limit', 'of', 'used', 'spent', 'set aside', 'free', 'at most', '']

function limitCells(limits: BudgetNow['limits']): string[][] {
  const usd = (amounts: readonly (number | null)[], nothing: string) => {
    const texts = formatUsdAlike(amounts.map((amount) => amount ?? 0))
    return amounts.map((amount, index) => (amount === null ? nothing : (texts[index] ?? '')))
  }
  const spent = usd(limits.map((row) => row.spent_micro_usd), '')
  const reserved = usd(limits.map((row) => row.reserved_micro_usd || null), '')
  const free = usd(limits.map((row) => row.free_micro_usd), '')
  const max = usd(limits.map((row) => row.max_micro_usd), 'no limit')
  return limits.map((row, index) => {
    // The end of a run's name is enough to find it by.
    const of = row.limit === 'run' ? row.of.slice(-4) : row.of
    const amounts = [spent, reserved, free, max].map((texts) => texts[index] ?? '')
    return [row.limit, of, limitMeter(row, METER_WIDTH), ...amounts, row.state === 'free' ? '' : row.state]
  })
}

async function correct(run: string, task: string, { cost, reason, attempt, ...options }: ReconcileOptions): Promise<ExitCode> {
  const workspace = await workspaceToLookAt(options)
  if (workspace === undefined) return EXIT.invalid
  const done = await reconcile(workspace, { run, task, attempt, micro_usd: cost, reason, by: userName() }, new Date().toISOString())
  if ('problem' in done) {
    errWrapped(`error: ${done.problem}`)
    return EXIT.invalid
  }
  const { line, old_micro_usd, estimated } = done
  if (!estimated) errWrapped(`warning: ${formatUsd(old_micro_usd)} was no estimate: it comes from what the provider itself reported`)
  outWrapped(`attempt ${line.attempt} of "${line.task}" in run ${line.run}: ${formatUsd(cost)} instead of ${formatUsd(old_micro_usd)}`)
  return EXIT.done
}

/** US dollars as micro-dollars. */
function usd(text: string): number {
  const number = Number(text)
  if (text.trim() === '' || !Number.isFinite(number) || number < 0) throw new InvalidArgumentError('It has to be an amount in US dollars, such as 0.42.')
  return microUsd(number)
}

function words(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It has to say something.')
  return text
}
