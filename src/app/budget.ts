import { SHARED_LIMITS } from '../core/budget.ts'
import { dayAt, monthOf, type CalendarDay } from '../core/calendar.ts'
import { attemptKey } from '../core/ledger.ts'
import type { Problem } from '../core/problem.ts'
import { errorMessage } from '../core/error.ts'
import type { RunState } from '../core/state.ts'
import { ledgerLines } from '../core/views/ledger-line.ts'
import { limitRows, type LimitRow } from '../core/views/limits.ts'
import { openLedger } from '../store/ledger.ts'
import { openAccounts } from '../store/open-accounts.ts'
import { runFolder } from '../store/run-folder.ts'
import { replayRun, newestUnfinished } from './runs.ts'
import type { Workspace } from './workspace.ts'

/** Every limit as it stands. */
export type BudgetNow = {
  limits: LimitRow[]
  today: CalendarDay
  /** Runs that cannot be read: what they have set aside is missing above. */
  problems: Problem[]
}

/** What a line or a reservation counts for. */
type Spend = { run: string; project: string; day: string; micro_usd: number }

/**
 * What has been spent, set aside and is left of each limit. The project is that of the newest run that can still
 * go on, else the workspace's.
 * @param at now (ISO 8601, UTC)
 */
export async function budgetNow(workspace: Workspace, at: string): Promise<BudgetNow> {
  const { runs, settings, project } = workspace
  const today = dayAt(settings.budget.time_zone, at)
  const { states, newest, problems } = await openRuns(runs)
  const about = { run: newest?.run, project: newest?.project ?? project, day: today.day, month: monthOf(today.day) }

  const spent = { run: 0, project: 0, day: 0, month: 0 }
  const reserved = { run: 0, project: 0, day: 0, month: 0 }
  const count = (amounts: typeof spent, { run, project, day, micro_usd }: Spend) => {
    const its = { run, project, day, month: monthOf(day) }
    for (const limit of SHARED_LIMITS) if (its[limit] === about[limit]) amounts[limit] += micro_usd
  }

  // What a run has settled a moment ago may not be in the ledger yet.
  const unwritten = new Map(states.flatMap(ledgerLines).map((line) => [attemptKey(line), line]))
  for await (const line of openLedger(runs).read()) {
    count(spent, line)
    if (line.type === 'settled') unwritten.delete(attemptKey(line))
  }
  for (const line of unwritten.values()) count(spent, line)
  for (const spend of states.flatMap(reservations)) count(reserved, spend)
  return { limits: limitRows(about, spent, reserved, settings.budget), today, problems }
}

/** The runs that may have money set aside, and the newest that can go on. */
async function openRuns(runs: string): Promise<{ states: RunState[]; newest: RunState | undefined; problems: Problem[] }> {
  const unfinished = await newestUnfinished(runs)
  const states: RunState[] = []
  const problems: Problem[] = []
  for (const id of new Set([...(await openAccounts(runs)), ...(unfinished === undefined ? [] : [unfinished.id])])) {
    const folder = runFolder(runs, id)
    await replayRun(folder).then(
      ({ state }) => states.push(state),
      (error: unknown) => problems.push({ file: folder.events, message: errorMessage(error) }),
    )
  }
  return { states, newest: states.find(({ run }) => run === unfinished?.id), problems }
}

function reservations({ run, project, tasks }: RunState): Spend[] {
  return [...tasks.values()].flatMap(({ attempts }) =>
    attempts.flatMap(({ reserved, settled }) => (reserved === undefined || settled !== undefined ? [] : [{ run, project, ...reserved }])),
  )
}
