import * as z from 'zod'
import { FileRecord } from '../outcome.ts'
import type { RunState } from '../state.ts'
import { TASK_STATUSES, type Task } from '../task-state.ts'
import { providersAway, ProviderAway } from './providers-away.ts'
import { settledSum } from './spending.ts'
import { answers, seconds, taskEntry, TaskEntry } from './task-entry.ts'

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
  /** Who has paused the run, if somebody has. */
  paused: z.string().optional(),
  /** The version of Tutti that worked last. */
  version: z.string(),
  /** The last event that this manifest has taken in. */
  seq: z.number().int().nonnegative(),
  /** Of all tasks together. */
  cost_micro_usd: z.number().int().nonnegative(),
  /** Providers that cannot be used now. */
  providers: z.array(ProviderAway),
  counts: z.partialRecord(z.enum(TASK_STATUSES), z.number().int().nonnegative()),
  /** Everything the tasks produced, relative to the run's folder. */
  files: z.array(FileRecord.extend({ task: z.string() })),
  task_files: z.array(z.object({ file: z.string(), path: z.string(), sha256: z.string(), problem: z.string().optional() })),
  tasks: z.array(TaskEntry),
})
export type Manifest = z.infer<typeof Manifest>

/** What it says of the run as a whole: to take in each of thousands of tasks takes its time. */
export const ManifestHead = Manifest.pick({ job_id: true, project: true, status: true, started_at: true, duration_s: true, stopped: true, seq: true, cost_micro_usd: true, counts: true, task_files: true })
export type ManifestHead = z.infer<typeof ManifestHead>

/** The manifest of a run as it stands. */
export function manifestOf(state: RunState): Manifest {
  const tasks = [...state.tasks.values()]
  return { ...headOf(state), files: tasks.flatMap(producedFiles), task_files: taskFiles(state), tasks: tasks.map((task) => taskEntry(task, state)) }
}

/**
 * The same as the text of its file, with a line for each file and each task: the manifest of 100,000 tasks can be searched and
 * compared by lines, and is not there as objects too while it is written.
 */
export function manifestText(state: RunState): string {
  const tasks = [...state.tasks.values()]
  const members = [
    ...Object.entries(headOf(state)).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`),
    `"files": ${linesOf(tasks.flatMap((task) => producedFiles(task).map((file) => JSON.stringify(file))))}`,
    `"task_files": ${linesOf(taskFiles(state).map((file) => JSON.stringify(file)))}`,
    `"tasks": ${linesOf(tasks.map((task) => JSON.stringify(taskEntry(task, state))))}`,
  ]
  return `{\n  ${members.join(',\n  ')}\n}\n`
}

function linesOf(lines: readonly string[]): string {
  return lines.length === 0 ? '[]' : `[\n    ${lines.join(',\n    ')}\n  ]`
}

/** What it says of the run as a whole, without a look at each of its tasks' files and answers. */
export function headOf(state: RunState): Omit<Manifest, 'files' | 'task_files' | 'tasks'> {
  const closed = state.phase.phase === 'closed' ? state.phase.status : undefined
  const finished = closed === undefined ? undefined : state.ended_at
  return {
    job_id: state.run,
    project: state.project,
    status: closed ?? 'running',
    started_at: state.opened_at,
    finished_at: finished ?? null,
    duration_s: finished === undefined ? null : seconds(state.opened_at, finished),
    ...('reason' in state.phase ? { stopped: state.phase.reason } : {}),
    ...(state.paused === undefined ? {} : { paused: state.paused }),
    version: state.version,
    seq: state.seq,
    cost_micro_usd: costOf(state),
    providers: providersAway(state),
    counts: Object.fromEntries(Object.entries(state.counts).filter(([, count]) => count > 0)),
  }
}

function costOf({ tasks }: RunState): number {
  let sum = 0
  for (const { attempts } of tasks.values()) sum += settledSum(attempts)
  return sum
}

function taskFiles({ files }: RunState): Manifest['task_files'] {
  return [...files.values()].map(({ file, path, sha256, problem }) => ({ file, path, sha256, ...(problem === undefined ? {} : { problem }) }))
}

/** Everything a task produced. */
export function producedFiles(task: Task): Manifest['files'] {
  // A later attempt writes over what an earlier one wrote; the last record of a path is true.
  const files = new Map<string, FileRecord>()
  for (const answer of answers(task)) {
    for (const file of [...(answer.output === undefined ? [] : [answer.output]), ...(answer.files ?? [])]) files.set(file.path, file)
  }
  return [...files.values()].map((file) => ({ ...file, task: task.spec.id }))
}
