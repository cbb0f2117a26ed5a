import { z } from 'zod'
import { CheckRow, FileRecord, RefusedFile, Usage, type Outcome } from '../outcome.ts'
import { REHEARSAL_LABEL, REHEARSAL_PROVIDER, type Route } from '../route.ts'
import type { Settings } from '../settings.ts'
import { lastAttempt, TASK_STATUSES, type RunState, type Task } from '../state.ts'

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
  /** From the first attempt's start to the end; seconds. */
  duration_s: z.number().nonnegative().optional(),
  /** Of all attempts together; absent where no provider told. */
  tokens: Usage.optional(),
  /** Of all attempts together, in US dollars. Null: not known, which is never the same as free. */
  cost_usd: z.number().nonnegative().nullable(),
  /** The last attempt's. */
  checks: z.array(CheckRow),
  /** The answer, relative to the run's folder. */
  output: z.string().optional(),
  /** Why the answer ended; `length` means that it was cut off. */
  finish: z.string().optional(),
  refused_files: z.array(RefusedFile).optional(),
})
export type TaskEntry = z.infer<typeof TaskEntry>

/** `manifest.json`: what a run came to, for people and programs. A projection of the events. */
export const Manifest = z.object({
  /** The run's id. */
  job_id: z.string(),
  project: z.string(),
  status: z.enum(['running', 'succeeded', 'failed', 'cancelled']),
  started_at: z.string(),
  finished_at: z.string().nullable(),
  duration_s: z.number().nonnegative().nullable(),
  /** Why the conductor left before the run was over, if it did. */
  stopped: z.string().optional(),
  /** The version of Tutti that worked last. */
  version: z.string(),
  /** The last event that this manifest has taken in. */
  seq: z.number().int().nonnegative(),
  counts: z.partialRecord(z.enum(TASK_STATUSES), z.number().int().nonnegative()),
  /** Everything the tasks produced, relative to the run's folder. */
  files: z.array(FileRecord.extend({ task: z.string() })),
  task_files: z.array(z.object({ file: z.string(), path: z.string(), sha256: z.string(), problem: z.string().optional() })),
  tasks: z.array(TaskEntry),
})
export type Manifest = z.infer<typeof Manifest>

/** The manifest of a run as it stands. */
export function manifestOf(state: RunState): Manifest {
  const closed = state.phase.phase === 'closed' ? state.phase.status : undefined
  const finished = closed === undefined ? undefined : state.ended_at
  const tasks = [...state.tasks.values()]
  return {
    job_id: state.run,
    project: state.project,
    status: closed ?? 'running',
    started_at: state.opened_at,
    finished_at: finished ?? null,
    duration_s: finished === undefined ? null : seconds(state.opened_at, finished),
    ...('reason' in state.phase ? { stopped: state.phase.reason } : {}),
    version: state.version,
    seq: state.seq,
    counts: Object.fromEntries(Object.entries(state.counts).filter(([, count]) => count > 0)),
    files: tasks.flatMap(producedFiles),
    task_files: [...state.files.values()].map(({ file, path, sha256, problem }) => ({ file, path, sha256, ...(problem === undefined ? {} : { problem }) })),
    tasks: tasks.map((task) => taskEntry(task, state.settings)),
  }
}

function producedFiles(task: Task): Manifest['files'] {
  // A later attempt writes over what an earlier one wrote; the last record of a path is true.
  const files = new Map<string, FileRecord>()
  for (const answer of answers(task)) {
    for (const file of [...(answer.output === undefined ? [] : [answer.output]), ...(answer.files ?? [])]) files.set(file.path, file)
  }
  return [...files.values()].map((file) => ({ ...file, task: task.spec.id }))
}

function answers({ attempts }: Task): Extract<Outcome, { result: 'answered' }>[] {
  return attempts.flatMap(({ outcome }) => (outcome?.result === 'answered' ? [outcome] : []))
}

/** One task's entry; the settings tell which providers only rehearse. */
function taskEntry(task: Task, settings: Settings | undefined): TaskEntry {
  const { spec, attempts } = task
  const last = lastAttempt(task)
  const answer = last?.outcome?.result === 'answered' ? last.outcome : undefined
  const route = last?.route ?? task.route
  const started = attempts[0]?.started_at
  return withoutUndefined({
    id: spec.id,
    title: spec.title,
    status: task.state.status,
    reason: reasonOf(task),
    attempts: attempts.length,
    provider: route.provider,
    model: route.model,
    tier: route.tier,
    route_reason: route.reason,
    label: labelOf(route, settings),
    started_at: started,
    finished_at: task.ended_at,
    duration_s: started === undefined || task.ended_at === undefined ? undefined : seconds(started, task.ended_at),
    tokens: tokensOf(task),
    cost_usd: costOf(task),
    checks: last?.rows ?? [],
    output: answer?.output?.path,
    finish: answer?.finish,
    refused_files: answer?.refused,
  })
}

/** Why a task has its status, in words for a person. */
function reasonOf({ state: now }: Task): string | undefined {
  switch (now.status) {
    case 'waiting':
      return now.for.what === 'retry' ? `next try at ${now.for.until}: ${now.for.reason}` : undefined
    case 'held':
      return 'waits for approval'
    case 'incomplete':
    case 'failed':
    case 'skipped':
    case 'cancelled':
    case 'blocked':
      return now.reason
    case 'ready':
    case 'running':
    case 'checking':
    case 'complete':
      return undefined
  }
}

function labelOf({ provider }: Route, settings: Settings | undefined): string | undefined {
  return settings?.providers[provider]?.type === REHEARSAL_PROVIDER ? REHEARSAL_LABEL : undefined
}

function tokensOf(task: Task): Usage | undefined {
  const told = answers(task).flatMap(({ usage }) => (usage === undefined ? [] : [usage]))
  if (told.length === 0) return undefined
  const sum = (key: keyof Usage) => {
    const known = told.flatMap((usage) => usage[key] ?? [])
    return known.length === 0 ? undefined : known.reduce((a, b) => a + b, 0)
  }
  return withoutUndefined({ input: sum('input'), cached: sum('cached'), output: sum('output') })
}

/** Known when every attempt that answered said what it cost, and there was one. */
function costOf(task: Task): number | null {
  const costs = answers(task).map(({ cost_micro_usd }) => cost_micro_usd)
  if (costs.length === 0 || costs.includes(undefined)) return null
  return costs.reduce((sum: number, cost) => sum + (cost ?? 0), 0) / 1_000_000
}

/** Seconds from one ISO time to another; a clock that was set back gives none. */
function seconds(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from)) / 1000
}

/** Takes out the keys that have no value, so that they do not stand in the JSON. */
function withoutUndefined<Of extends object>(record: Of): Of {
  for (const key of Object.keys(record)) if (Reflect.get(record, key) === undefined) Reflect.deleteProperty(record, key)
  return record
}
