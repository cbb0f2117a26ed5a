import * as z from 'zod'
import { conditionText, isUsable } from '../condition.ts'
import { hasChecks } from '../declared-files.ts'
import { CheckRow, RefusedFile, Usage, type Answered } from '../outcome.ts'
import { REHEARSAL_LABEL, REHEARSAL_PROVIDER, type Route } from '../route.ts'
import type { Settings } from '../settings.ts'
import type { RunState } from '../state.ts'
import { attemptsAnew, lastAttempt, TASK_STATUSES, type Task } from '../task-state.ts'
import { reasonInWords } from './failure-words.ts'
import { waitsInWords } from './gate-words.ts'
import { formatTime } from '../units.ts'
import { withoutUndefined } from './without-undefined.ts'
import { settledSum, Spending, spendingOf, taskCostUsd } from './spending.ts'

/** One task as the manifest tells it. */
export const TaskEntry = z.object({
  id: z.string(),
  title: z.string(),
  status: z.enum(TASK_STATUSES),
  /** Why it has this status, where that needs saying. */
  reason: z.string().optional(),
  /** How many there were. */
  attempts: z.number().int().nonnegative(),
  provider: z.string().optional(),
  model: z.string().optional(),
  tier: z.string().optional(),
  /** Why this provider was chosen. */
  route_reason: z.string().optional(),
  /** Stands beside every result that no model gave. */
  label: z.string().optional(),
  started_at: z.string().optional(),
  finished_at: z.string().optional(),
  /** From the start of the first attempt, since it was last reopened, to the end; seconds. */
  duration_s: z.number().nonnegative().optional(),
  /** Of all attempts together; absent where no provider told. */
  tokens: Usage.optional(),
  /** Of all attempts together, in US dollars. Null: not known, which is never the same as free. */
  cost_usd: z.number().nonnegative().nullable(),
  /** The same in millionths of a US dollar: what the ledger holds of this task. */
  cost_micro_usd: z.number().int().nonnegative(),
  /** A part of the cost is what had been set aside, because nobody could tell. */
  estimated: z.literal(true).optional(),
  /** What each route has cost, in the order in which they were taken, and whether its last answer passed. */
  spending: z.array(Spending),
  /** The answer came from the cache. */
  cached: z.literal(true).optional(),
  /** Its answers are held against something before they count. */
  has_checks: z.literal(true).optional(),
  /** The last attempt's. */
  checks: z.array(CheckRow),
  /** The answer, relative to the run's folder. */
  output: z.string().optional(),
  /** Why the answer ended; `length` means that it was cut off. */
  finish: z.string().optional(),
  refused_files: z.array(RefusedFile).optional(),
})
export type TaskEntry = z.infer<typeof TaskEntry>

/** One task's entry; the settings tell which providers only rehearse. */
export function taskEntry(task: Task, state: RunState): TaskEntry {
  const { spec, attempts } = task
  const last = lastAttempt(task)
  const answer = last?.outcome?.result === 'answered' ? last.outcome : undefined
  const route = last?.route ?? task.route
  const started = attemptsAnew(task)[0]?.started_at
  return withoutUndefined({
    id: spec.id,
    title: spec.title,
    status: task.state.status,
    reason: reasonOf(task, state),
    attempts: attempts.length,
    provider: route.provider,
    model: route.model,
    tier: route.tier,
    route_reason: route.reason,
    label: labelOf(route, state.settings),
    started_at: started,
    finished_at: task.ended_at,
    duration_s: started === undefined || task.ended_at === undefined ? undefined : seconds(started, task.ended_at),
    tokens: tokensOf(task),
    cost_usd: taskCostUsd(task),
    cost_micro_usd: settledSum(attempts),
    estimated: attempts.some(({ settled }) => settled?.estimated === true) ? true : undefined,
    spending: spendingOf(task),
    cached: answer?.cached,
    has_checks: hasChecks(spec) ? true : undefined,
    checks: last?.rows ?? [],
    output: answer?.output?.path,
    finish: answer?.finish,
    refused_files: answer?.refused,
  })
}

/** Why a task has its status, in words for a person. */
export function reasonOf(task: Task, { conditions, budget, paused }: RunState): string | undefined {
  const { state: now, routes } = task
  switch (now.status) {
    case 'ready': {
      if (paused !== undefined) return `not started: the run is paused by ${paused}`
      if (budget.stopped) return 'not started: a limit of the budget was reached (budget.on_limit: stop)'
      const [first] = routes
      const away = routes.every(({ provider }) => !isUsable(conditions.get(provider)))
      if (away && first !== undefined) return `${first.provider} ${conditionText(conditions.get(first.provider))}`
      const last = lastAttempt(task)?.outcome
      return last?.result === 'failed' && last.kind === 'interrupted' ? 'was interrupted, and begins anew' : undefined
    }
    case 'waiting':
      if (now.for.what === 'cache') return 'its answer is looked for in the cache'
      if (task.paused !== undefined) return `paused by ${task.paused}`
      return now.for.what === 'retry' ? `next try at ${formatTime(now.for.until)}: ${reasonInWords(now.for.reason)}` : undefined
    case 'held':
      return waitsInWords(now)
    case 'incomplete':
    case 'failed':
    case 'skipped':
    case 'cancelled':
    case 'blocked':
      return now.reason
    case 'running':
    case 'checking':
      if (task.ending !== undefined) return `is being ${task.ending.status}, as ${task.ending.by} wants`
      return task.paused === undefined ? undefined : `paused by ${task.paused}, once this attempt has ended`
    case 'complete':
      return undefined
  }
}

export function labelOf({ provider }: Route, settings: Settings | undefined): string | undefined {
  return settings?.providers[provider]?.type === REHEARSAL_PROVIDER ? REHEARSAL_LABEL : undefined
}

function tokensOf(task: Task): Usage | undefined {
  const told = answers(task).flatMap(({ usage }) => (usage === undefined ? [] : [usage]))
  if (told.length === 0) return undefined
  const sum = (key: keyof Usage) => {
    const known = told.flatMap((usage) => usage[key] ?? [])
    return known.length === 0 ? undefined : known.reduce((a, b) => a + b, 0)
  }
  return withoutUndefined({ input: sum('input'), cached: sum('cached'), cache_write: sum('cache_write'), output: sum('output') })
}

/** The answers of a task's attempts, in their order. */
export function answers({ attempts }: Task): Answered[] {
  return attempts.flatMap(({ outcome }) => (outcome?.result === 'answered' ? [outcome] : []))
}

/** Seconds from one ISO time to another; a clock that was set back gives none. */
export function seconds(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from)) / 1000
}
