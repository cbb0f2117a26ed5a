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
  attempts: number
  tokens: { input: number; cached: number; output: number }
}

export type CostReport = {
  by: CostGroup
  rows: (CostSum & { name: string })[]
  total: CostSum
  /**
   * All that was spent on tasks, those that failed as well, for each that is verified: it is complete, and at
   * least one check was held against its output. Only runs that are still there can tell; absent when none is.
   */
  verified?: { tasks: number; spent_micro_usd: number; per_task_micro_usd: number }
  /** Tasks of runs that have been deleted. */
  tasks_unknown: number
  /**
   * What sending every task to the top tier would have cost: an estimate, from the tokens of each task's last
   * answer. It leaves out what never answered, and what came from the cache. Absent where it cannot be told.
   */
  top_tier?: { tier: string; tasks: number; spent_micro_usd: number; would_be_micro_usd: number; saved_micro_usd: number }
}

/** The tier that answers are held against, and what its first route costs. */
export type TopTier = { tier: string; price: Price }

type TaskCost = { spent_micro_usd: number; answer?: SettledLine }

/** Whether a task has shown that it did what was asked for. */
export function isVerified({ status, checks }: TaskEntry): boolean {
  return status === 'complete' && checks.length > 0
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
    /** @param verified by `taskKey`: whether a task is; one that is not in it is not known any more */
    report: (verified: ReadonlyMap<string, boolean>, top: TopTier | undefined): CostReport => {
      const known = [...tasks].filter(([key]) => verified.has(key))
      const perTask = costOfVerified(known.map(([, { spent_micro_usd }]) => spent_micro_usd), known.filter(([key]) => verified.get(key)).length)
      const topTier = top === undefined ? undefined : heldAgainst(top, [...tasks.values()])
      return {
        by,
        rows: [...groups].map(([name, sum]) => ({ name, ...sum })).sort(by === 'day' ? byName : byCost),
        total,
        ...(perTask === undefined ? {} : { verified: perTask }),
        tasks_unknown: tasks.size - known.length,
        ...(topTier === undefined ? {} : { top_tier: topTier }),
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
  sum.attempts++
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

function heldAgainst({ tier, price }: TopTier, tasks: readonly TaskCost[]): CostReport['top_tier'] {
  const compared = tasks.flatMap(({ spent_micro_usd, answer }) => {
    const would_be = answer === undefined || answer.cached === true ? undefined : costOf(price, answer.usage)
    return would_be === undefined ? [] : [{ spent_micro_usd, would_be }]
  })
  if (compared.length === 0) return undefined
  const spent_micro_usd = compared.reduce((sum, task) => sum + task.spent_micro_usd, 0)
  const would_be_micro_usd = compared.reduce((sum, task) => sum + task.would_be, 0)
  return { tier, tasks: compared.length, spent_micro_usd, would_be_micro_usd, saved_micro_usd: would_be_micro_usd - spent_micro_usd }
}
