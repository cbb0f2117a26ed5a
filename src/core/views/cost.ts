import { attemptKey, type LedgerLine, type SettledLine } from '../ledger.ts'
import { costOf, type Price } from '../price.ts'
import type { TaskEntry } from './task-entry.ts'

/** What the ledger can be added up by. */
export const COST_GROUPS = ['day', 'project', 'model', 'tier', 'task'] as const
export type CostGroup = (typeof COST_GROUPS)[number]

/** Lines of the ledger, added up; micro-dollars. */
export type CostSum = {
  /** Settlements and corrections. */
  spent_micro_usd: number
  /** The part of it that nobody could tell: what had been set aside for it, or an assumption. */
  estimated_micro_usd: number
  /** What people have corrected; less than zero where settlements were too high. */
  corrected_micro_usd: number
  /** Those that somebody was asked for: answers from the cache are none. */
  attempts: number
  tokens: { input: number; cached: number; output: number }
}

export type CostReport = {
  by: CostGroup
  rows: (CostSum & { name: string })[]
  total: CostSum
  /**
   * All that was spent on tasks whose answers are held against checks, those that failed as well, for each that is
   * verified. Only runs that are still there can tell; absent when no task is verified. Rehearsals are left out.
   */
  verified?: { tasks: number; spent_micro_usd: number; per_task_micro_usd: number }
  /** Tasks of runs that have been deleted. */
  tasks_unknown: number
  /**
   * What sending tasks to the top tier at once would have cost: an estimate, from the tokens of each task's last
   * answer. It leaves out what never answered, what came from the cache, and what was sent past the tiers. Absent
   * where it cannot be told.
   */
  top_tier?: { tier: string; tasks: number; spent_micro_usd: number; would_be_micro_usd: number; saved_micro_usd: number }
  /** The top tier, where nothing can be held against it because it has no price by tokens. */
  top_tier_unpriced?: string
}

/** The tier that answers are held against, and what its first route costs, if that is known. */
export type TopTier = { tier: string; price: Price | undefined }

/** Whether a task has shown that it did what was asked for; `unchecked`: nobody asked. */
export type Verdict = 'verified' | 'not verified' | 'unchecked'

type TaskCost = { spent_micro_usd: number; answer?: SettledLine }

/** What a task has shown: verified is one that is complete with all of its checks passed. A rehearsal shows nothing. */
export function verdictOf({ status, checks, has_checks, label }: TaskEntry): Verdict {
  if (label !== undefined || (has_checks !== true && checks.length === 0)) return 'unchecked'
  return status === 'complete' && checks.every(({ passed }) => passed) ? 'verified' : 'not verified'
}

/** Names a task of a run. */
export function taskKey(run: string, task: string): string {
  return `${run}/${task}`
}

/** Adds up lines as they are read; they may be too many to hold. */
export function costTally(by: CostGroup) {
  const groups = new Map<string, CostSum>()
  const total = nothing()
  const tasks = new Map<string, TaskCost>()
  const runs = new Set<string>()
  /** A correction ends an estimate; it comes after it. */
  const estimates = new Map<string, number>()

  function add(line: LedgerLine): void {
    const name = groupOf(line, by)
    const group = groups.get(name) ?? nothing()
    groups.set(name, group)
    runs.add(line.run)
    const key = attemptKey(line)
    const ended = line.type === 'corrected' ? (estimates.get(key) ?? 0) : 0
    if (line.type === 'corrected') estimates.delete(key)
    else if (line.estimated) estimates.set(key, line.micro_usd)
    for (const sum of [group, total]) {
      addLine(sum, line)
      sum.estimated_micro_usd -= ended
    }
    addToTask(line)
  }

  function addToTask(line: LedgerLine): void {
    const key = taskKey(line.run, line.task)
    const task: TaskCost = tasks.get(key) ?? { spent_micro_usd: 0 }
    tasks.set(key, task)
    task.spent_micro_usd += line.micro_usd
    if (line.type === 'settled' && line.result === 'answered' && line.attempt >= (task.answer?.attempt ?? 0)) task.answer = line
  }

  return {
    add,
    /** The runs that have been spent on. */
    runs: (): ReadonlySet<string> => runs,
    /** @param verdicts by `taskKey`; a task that is not among them is not known any more */
    report: (verdicts: ReadonlyMap<string, Verdict>, top: TopTier | undefined): CostReport => {
      const checked = [...tasks].filter(([key]) => (verdicts.get(key) ?? 'unchecked') !== 'unchecked')
      const verified = checked.filter(([key]) => verdicts.get(key) === 'verified')
      const perTask = costOfVerified(checked.map(([, { spent_micro_usd }]) => spent_micro_usd), verified.length)
      return {
        by,
        rows: [...groups].map(([name, sum]) => ({ name, ...sum })).sort(by === 'day' ? byName : byCost),
        total,
        ...(perTask === undefined ? {} : { verified: perTask }),
        tasks_unknown: [...tasks.keys()].filter((key) => !verdicts.has(key)).length,
        ...(top === undefined ? {} : heldAgainst(top, [...tasks.values()])),
      }
    },
  }
}

function nothing(): CostSum {
  return { spent_micro_usd: 0, estimated_micro_usd: 0, corrected_micro_usd: 0, attempts: 0, tokens: { input: 0, cached: 0, output: 0 } }
}

function addLine(sum: CostSum, line: LedgerLine): void {
  sum.spent_micro_usd += line.micro_usd
  if (line.type === 'corrected') {
    sum.corrected_micro_usd += line.micro_usd
    return
  }
  if (line.cached !== true) sum.attempts++
  if (line.estimated) sum.estimated_micro_usd += line.micro_usd
  sum.tokens.input += line.usage?.input ?? 0
  sum.tokens.cached += line.usage?.cached ?? 0
  sum.tokens.output += line.usage?.output ?? 0
}

function groupOf(line: LedgerLine, by: CostGroup): string {
  switch (by) {
    case 'day':
      return line.day
    case 'project':
      return line.project
    case 'model':
      return line.model === undefined ? line.provider : `${line.provider}/${line.model}`
    case 'tier':
      return line.tier ?? '(no tier)'
    case 'task':
      return taskKey(line.run, line.task)
  }
}

type Row = CostSum & { name: string }
const byName = (a: Row, b: Row) => (a.name < b.name ? -1 : 1)
const byCost = (a: Row, b: Row) => b.spent_micro_usd - a.spent_micro_usd || byName(a, b)

function costOfVerified(costs: readonly number[], tasks: number): CostReport['verified'] {
  if (tasks === 0) return undefined
  const spent_micro_usd = costs.reduce((sum, cost) => sum + cost, 0)
  return { tasks, spent_micro_usd, per_task_micro_usd: Math.ceil(spent_micro_usd / tasks) }
}

function heldAgainst({ tier, price }: TopTier, tasks: readonly TaskCost[]): Pick<CostReport, 'top_tier' | 'top_tier_unpriced'> {
  if (price === undefined || (price.kind === 'capped' && price.tariff === undefined)) return { top_tier_unpriced: tier }
  const compared = tasks.flatMap(({ spent_micro_usd, answer }) => {
    // What a task or a person sent to a provider was not meant to start cheap: it has no tier.
    const isMeant = answer?.tier !== undefined && answer.cached !== true
    const would_be = isMeant ? costOf(price, answer.usage) : undefined
    return would_be === undefined ? [] : [{ spent_micro_usd, would_be }]
  })
  if (compared.length === 0) return {}
  const spent_micro_usd = compared.reduce((sum, task) => sum + task.spent_micro_usd, 0)
  const would_be_micro_usd = compared.reduce((sum, task) => sum + task.would_be, 0)
  return { top_tier: { tier, tasks: compared.length, spent_micro_usd, would_be_micro_usd, saved_micro_usd: would_be_micro_usd - spent_micro_usd } }
}
