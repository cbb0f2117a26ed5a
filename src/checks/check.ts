import type * as z from 'zod'
import type { CheckRow, RefusedFile } from '../core/outcome.ts'

/** What a check looks at: one attempt's output, where it lies, and where the task works. */
export type Subject = {
  /** The answer's text. */
  text: string
  /** The task's output folder, absolute: the files of the answer lie in it. It may not exist. */
  folder: string
  /** Where the task's commands run, absolute; the output folder where the task names no `cwd`. */
  cwd: string
  /** Paths in the answer that were not written. */
  refused: readonly RefusedFile[]
  /** Added to the environment of a check that runs a command. */
  env: Readonly<Record<string, string>>
  signal: AbortSignal
}

/** One rule of `checks:`. It lives in a file of its own and is listed in `registry.ts`. */
export type Check<Value = unknown> = {
  /** Its key in `checks:` and `completion_criteria:`. */
  rule: string
  /** The shape of its value in a task file; `.describe()` says what it asks for. */
  value: z.ZodType<Value>
  /** A row for each thing that was asked. Never throws for what an output or a person can cause. */
  run: (value: Value, subject: Subject) => CheckRow[] | Promise<CheckRow[]>
}

/** The schema of each rule's value, by the rule's name: what readers of task files need of the checks. */
export type CheckVocabulary = Readonly<Record<string, z.ZodType>>
