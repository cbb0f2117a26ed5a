import { markOf, SHARED_LIMITS, spentAgainst, type SharedLimit, type SpentElsewhere as Amounts } from '../budget.ts'
import { monthOf } from '../calendar.ts'
import type { Settings } from '../settings.ts'
import type { RunState } from '../state.ts'

/** One limit and what is left of it; micro-dollars. */
export type LimitRow = {
  limit: SharedLimit
  /** The run, the project, the day or the month that it is about. */
  of: string
  spent_micro_usd: number
  /** Set aside for attempts that are under way. */
  reserved_micro_usd: number
  /** Null: there is no limit; nor is there for what is free then. */
  max_micro_usd: number | null
  free_micro_usd: number | null
  state: 'free' | 'warned' | 'used up'
}

/**
 * From the widest to the narrowest.
 * @param names what each limit is about; one that is about nothing is left out
 */
export function limitRows(names: Record<SharedLimit, string | undefined>, spent: Amounts, reserved: Amounts, budget: Settings['budget']): LimitRow[] {
  return SHARED_LIMITS.toReversed().flatMap((limit): LimitRow[] => {
    const of = names[limit]
    if (of === undefined) return []
    const max = budget[limit]
    const common = { limit, of, spent_micro_usd: spent[limit], reserved_micro_usd: reserved[limit], max_micro_usd: max }
    if (max === null) return [{ ...common, free_micro_usd: null, state: 'free' }]
    const isWarned = spent[limit] > 0 && spent[limit] >= markOf(max, budget.warn_at_pct)
    const state = spent[limit] >= max ? 'used up' : isWarned ? 'warned' : 'free'
    return [{ ...common, free_micro_usd: Math.max(0, max - spent[limit] - reserved[limit]), state }]
  })
}

/** The limits as a run knows them: what others have spent was counted when it was taken up. */
export function limitsOfRun({ run, project, budget, settings }: RunState): LimitRow[] {
  if (settings === undefined) return []
  const today = budget.today?.day
  const names = { run, project, day: today, month: today === undefined ? undefined : monthOf(today) }
  const spent = { run: 0, project: 0, day: 0, month: 0 }
  for (const limit of SHARED_LIMITS) spent[limit] = spentAgainst(budget, limit)
  return limitRows(names, spent, budget.reserved, settings.budget)
}

/** `[####++----]`: spent, set aside, free. What is not nothing shows at least one sign. */
export function limitMeter({ spent_micro_usd, reserved_micro_usd, max_micro_usd }: LimitRow, width: number): string {
  if (max_micro_usd === null) return ''
  const signs = (amount: number) => (amount === 0 ? 0 : Math.max(1, Math.round((amount / max_micro_usd) * width)))
  const spent = max_micro_usd === 0 ? width : Math.min(width, signs(spent_micro_usd))
  const reserved = max_micro_usd === 0 ? 0 : Math.min(width - spent, signs(reserved_micro_usd))
  return `[${'#'.repeat(spent)}${'+'.repeat(reserved)}${'-'.repeat(width - spent - reserved)}]`
}
