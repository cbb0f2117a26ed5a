import * as z from 'zod'
import { FileRecord } from './outcome.ts'
import type { RoutePrice } from './price.ts'
import { TaskId, type TaskSpec } from './task.ts'

/** A task file as it was read: what identifies its bytes, and where they are kept. */
export const PlanFile = z.object({
  /** Relative to the workspace where it lies inside it, else absolute. */
  file: z.string(),
  sha256: z.string(),
  /** The same for its content whatever its status says: tells whether a person has changed it since. */
  content_sha256: z.string(),
  /** Bytes. */
  size: z.number().int().nonnegative(),
  /** Dropped into `tasks/` or `tasks/pending/`: its status is written back and it is filed away. */
  inbox: z.boolean(),
  /** Where the bytes that were read are kept, relative to the run's folder. */
  input: z.string().optional(),
})
export type PlanFile = z.infer<typeof PlanFile>

/** A task that completed in an earlier run, and whose result tasks of this one build on. */
export const EarlierTask = z.object({
  id: TaskId,
  title: z.string(),
  /** The run it completed in. */
  run: z.string(),
  /** Its answer, relative to the folder of the run that builds on it. */
  output: FileRecord.optional(),
})
export type EarlierTask = z.infer<typeof EarlierTask>

/** A set of tasks with their dependencies, and the files they came from. */
export type Plan = {
  files: PlanFile[]
  tasks: TaskSpec[]
  /** What is known of dependencies that no task of the plan or the run meets. */
  earlier: EarlierTask[]
  /** What attempts on the routes of its tasks cost, as far as it is known. */
  prices: RoutePrice[]
}
