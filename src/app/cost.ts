import { dayAt, daysBefore, monthOf } from '../core/calendar.ts'
import { costTally, taskKey, verdictOf, type CostGroup, type CostReport, type TopTier, type Verdict } from '../core/views/cost.ts'
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
  return tally.report(await verdictsIn(workspace, tally.runs()), await topTier(workspace))
}

function firstDay(since: Since, today: string): string {
  return 'day' in since ? since.day : daysBefore(today, since.days - 1)
}

/** What each task of these runs has shown; tasks of runs that are gone or cannot be read are not in it. */
async function verdictsIn({ runs }: Workspace, ids: ReadonlySet<string>): Promise<Map<string, Verdict>> {
  const verdicts = new Map<string, Verdict>()
  for (const id of ids) {
    const manifest = await manifestOfRun(runFolder(runs, id)).catch(() => undefined)
    for (const task of manifest?.tasks ?? []) verdicts.set(taskKey(id, task.id), verdictOf(task))
  }
  return verdicts
}

async function topTier(workspace: Workspace): Promise<TopTier | undefined> {
  const [tier, routes] = Object.entries(workspace.config.tiers).at(-1) ?? []
  const [first] = routes ?? []
  return tier === undefined || first === undefined ? undefined : { tier, price: await priceOf(workspace, first) }
}
