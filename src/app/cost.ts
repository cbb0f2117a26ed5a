import { dayAt, daysBefore, monthOf } from '../core/calendar.ts'
import { costTally, isVerified, taskKey, type CostGroup, type CostReport, type TopTier } from '../core/views/cost.ts'
import { openLedger } from '../store/ledger.ts'
import { runFolder } from '../store/run-folder.ts'
import { priceOf } from './prices.ts'
import { manifestOfRun } from './runs.ts'
import type { Workspace } from './workspace.ts'

/** From which day on: the last so many days, today among them, or a day itself. */
export type Since = { days: number } | { day: string }

/**
 * What the workspace has spent, as the ledger tells.
 * @param at now (ISO 8601, UTC)
 */
export async function costReport(workspace: Workspace, by: CostGroup, since: Since | undefined, at: string): Promise<CostReport> {
  const first = since === undefined ? '' : firstDay(since, dayAt(workspace.settings.budget.time_zone, at).day)
  const tally = costTally(by)
  const lines = openLedger(workspace.runs).read((month) => month >= monthOf(first))
  for await (const line of lines) if (line.day >= first) tally.add(line)
  return tally.report(await verifiedTasks(workspace, tally.runs()), await topTier(workspace))
}

function firstDay(since: Since, today: string): string {
  return 'day' in since ? since.day : daysBefore(today, since.days - 1)
}

/** Whether each task of these runs is verified; tasks of runs that are gone or cannot be read are not in it. */
async function verifiedTasks({ runs }: Workspace, ids: ReadonlySet<string>): Promise<Map<string, boolean>> {
  const verified = new Map<string, boolean>()
  for (const id of ids) {
    const manifest = await manifestOfRun(runFolder(runs, id)).catch(() => undefined)
    for (const task of manifest?.tasks ?? []) verified.set(taskKey(id, task.id), isVerified(task))
  }
  return verified
}

async function topTier(workspace: Workspace): Promise<TopTier | undefined> {
  const [tier, routes] = Object.entries(workspace.config.tiers).at(-1) ?? []
  const [first] = routes ?? []
  const price = first === undefined ? undefined : await priceOf(workspace, first)
  return tier === undefined || price === undefined ? undefined : { tier, price }
}
