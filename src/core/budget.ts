import { monthOf, type CalendarDay } from './calendar.ts'
import type { Reservation, Settlement } from './money.ts'
import type { Settings } from './settings.ts'

/** Limits that many attempts share, from the narrowest to the widest. */
export const SHARED_LIMITS = ['run', 'project', 'day', 'month'] as const
export type SharedLimit = (typeof SHARED_LIMITS)[number]
export const LIMITS = [...SHARED_LIMITS, 'task'] as const
export type LimitName = (typeof LIMITS)[number]

/** Micro-dollars against each shared limit. */
type Amounts = Record<SharedLimit, number>

/** What everything but this run's own settlements comes to, in micro-dollars, as the ledger tells. */
export type SpentElsewhere = Amounts

/**
 * The money of a run. An amount of a day that is over stands against the run and the project only; a day
 * is that of the reservation, so a settlement after midnight counts for the day before.
 *
 *   reserve: reserved + worst case      settle: reserved − worst case, spent + real cost
 */
export type BudgetState = {
  /** Unknown until the run has opened. */
  today: CalendarDay | undefined
  elsewhere: Amounts
  spent: Amounts
  reserved: Amounts
  /** Limits that a person has been warned about. */
  warned: Set<SharedLimit>
  /** Nothing more is started: a limit was reached, and the policy is to stop. */
  stopped: boolean
}

const nothing = (): Amounts => ({ run: 0, project: 0, day: 0, month: 0 })

export function emptyBudget(): BudgetState {
  return { today: undefined, elsewhere: nothing(), spent: nothing(), reserved: nothing(), warned: new Set(), stopped: false }
}

/** Sets money aside. */
export function reserve(budget: BudgetState, reservation: Reservation): void {
  add(budget, budget.reserved, reservation.day, reservation.micro_usd)
}

/** Ends a reservation: what was set aside becomes what it has cost. */
export function settle(budget: BudgetState, { day, micro_usd }: Reservation, settlement: Settlement): void {
  add(budget, budget.reserved, day, -micro_usd)
  add(budget, budget.spent, day, settlement.micro_usd)
}

function add({ today }: BudgetState, amounts: Amounts, day: string, micro_usd: number): void {
  amounts.run += micro_usd
  amounts.project += micro_usd
  if (today === undefined) return
  if (day === today.day) amounts.day += micro_usd
  if (monthOf(day) === monthOf(today.day)) amounts.month += micro_usd
}

/** An attempt's money: set aside, and settled if it has ended. */
type Entry = { reserved?: Reservation; settled?: Settlement }

/**
 * Another day has begun, or the same one is counted in another time zone.
 * @param entries of all attempts: what counts for the day and the month is added up anew
 */
export function turnDay(budget: BudgetState, next: CalendarDay, entries: Iterable<Entry>): void {
  const before = budget.today
  budget.today = next
  const turned: SharedLimit[] = []
  if (before?.day !== next.day) turned.push('day')
  if (before === undefined || monthOf(before.day) !== monthOf(next.day)) turned.push('month')
  for (const limit of turned) {
    budget.elsewhere[limit] = 0
    budget.warned.delete(limit)
  }
  budget.spent = nothing()
  budget.reserved = nothing()
  for (const { reserved, settled } of entries) {
    if (reserved === undefined) continue
    if (settled === undefined) add(budget, budget.reserved, reserved.day, reserved.micro_usd)
    else add(budget, budget.spent, reserved.day, settled.micro_usd)
  }
}

/** What has been spent against a limit, here and elsewhere. */
export function spentAgainst({ spent, elsewhere }: BudgetState, limit: SharedLimit): number {
  return spent[limit] + elsewhere[limit]
}

/** A limit that an attempt would pass; micro-dollars. */
export type Shortage = { money: 'short'; limit: LimitName; max: number; spent: number; need: number }

/**
 * Holds the worst case of an attempt against every limit at once. `wait`: there may be money when one that runs has been settled.
 * @param need micro-dollars
 * @param task what the task may cost in all, and has cost; micro-dollars
 */
export function afford(budget: BudgetState, limits: Settings['budget'], need: number, task: { max: number | null; spent: number }): { money: 'there' } | { money: 'wait' } | Shortage {
  if (need === 0) return { money: 'there' }
  if (task.max !== null && task.spent + need > task.max) return { money: 'short', limit: 'task', max: task.max, spent: task.spent, need }
  let waits = false
  for (const limit of SHARED_LIMITS) {
    const max = limits[limit]
    if (max === null) continue
    const spent = spentAgainst(budget, limit)
    if (spent + need > max) return { money: 'short', limit, max, spent, need }
    waits ||= spent + budget.reserved[limit] + need > max
  }
  return { money: waits ? 'wait' : 'there' }
}

/** A limit of which the agreed share has been spent, and that nobody has been warned about. */
export function limitToWarnOf(budget: BudgetState, limits: Settings['budget']): { limit: SharedLimit; spent: number; max: number } | undefined {
  for (const limit of SHARED_LIMITS) {
    const max = limits[limit]
    const spent = spentAgainst(budget, limit)
    if (max !== null && !budget.warned.has(limit) && spent > 0 && spent >= markOf(max, limits.warn_at_pct)) return { limit, spent, max }
  }
  return undefined
}

/** From where on a person is warned of a limit. */
export function markOf(max: number, warn_at_pct: number): number {
  return (max * warn_at_pct) / 100
}
