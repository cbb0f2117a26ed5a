import type { SpentElsewhere } from '../core/budget.ts'
import { dayAt, daysBefore, monthOf } from '../core/calendar.ts'
import { attemptKey } from '../core/ledger.ts'
import type { Correction } from '../core/money.ts'
import { openLedger } from '../store/ledger.ts'
import type { Workspace } from './workspace.ts'

/** What the ledger tells a run that begins or is taken up; `corrections` are of its own attempts, and a part of `elsewhere`. */
export type Counted = { elsewhere: SpentElsewhere; corrections: Correction[] }

/**
 * What counts against the limits and is not among a run's own settlements; micro-dollars. What others have
 * spent on the project is complete only where the project has a limit: it takes reading the whole ledger.
 * @param run the run's id, which tells when it began
 * @param at now (ISO 8601, UTC)
 */
export async function spentElsewhere({ runs, settings }: Workspace, run: string, project: string, at: string): Promise<Counted> {
  const { time_zone, project: limit } = settings.budget
  const { day } = dayAt(time_zone, at)
  // A correction stands in the month of what it corrects. Where the run began, it may have been the day before.
  const begun = monthOf(daysBefore(`${run.slice(0, 4)}-${run.slice(4, 6)}-${run.slice(6, 8)}`, 1))
  const spent = { run: 0, project: 0, day: 0, month: 0 }
  const corrections = new Map<string, Correction>()
  for await (const line of openLedger(runs).read((month) => limit !== null || month >= begun || month === monthOf(day))) {
    const isOwn = line.run === run
    if (isOwn && line.type === 'settled') continue
    if (isOwn) {
      spent.run += line.micro_usd
      const { task, attempt } = line
      const before = corrections.get(attemptKey(line))?.micro_usd ?? 0
      corrections.set(attemptKey(line), { task, attempt, micro_usd: before + line.micro_usd })
    }
    if (line.project === project) spent.project += line.micro_usd
    if (line.day === day) spent.day += line.micro_usd
    if (monthOf(line.day) === monthOf(day)) spent.month += line.micro_usd
  }
  return { elsewhere: spent, corrections: [...corrections.values()] }
}
