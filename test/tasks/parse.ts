import * as z from 'zod'
import { formatProblem } from '../../src/core/problem.ts'
import type { TaskSpec } from '../../src/core/task.ts'
import { parseTaskFile } from '../../src/tasks/parse-task-file.ts'
import type { ReadOptions } from '../../src/tasks/reading.ts'
import type { Parsed } from '../../src/tasks/task-file.ts'

const options: ReadOptions = {
  checks: {
    contains: z.union([z.string(), z.array(z.string())]).describe('a text, or a list of texts'),
    min_length: z.number().int().positive().describe('a number of characters above 0'),
    odd: z
      .number()
      .refine((value) => value % 2 === 1, { error: 'it is even' })
      .describe('an odd number'),
  },
  params: {},
  max_prompt_bytes: 10_000,
}

export function parse(file: string, text: string, more: Partial<ReadOptions> = {}): Parsed {
  return parseTaskFile({ file, text }, { ...options, ...more })
}

/** The tasks of a file that has to be readable. */
export function tasksIn(file: string, text: string, more: Partial<ReadOptions> = {}): TaskSpec[] {
  const parsed = parse(file, text, more)
  if (parsed.result === 'broken') throw new Error(parsed.problems.map(formatProblem).join('\n'))
  return parsed.tasks
}

/** The only task of a file that has to be readable. */
export function taskIn(file: string, text: string, more: Partial<ReadOptions> = {}): TaskSpec {
  const [task, ...others] = tasksIn(file, text, more)
  if (task === undefined || others.length > 0) throw new Error(`expected one task, found ${others.length + 1}`)
  return task
}

/** The prompt of the only task of a file. */
export function promptIn(file: string, text: string, more: Partial<ReadOptions> = {}): string {
  const { work } = taskIn(file, text, more)
  if (work.kind !== 'prompt') throw new Error('expected a prompt, found a command')
  return work.prompt
}

/** `file:line:column: message` of what stops a file. */
export function problemsIn(file: string, text: string, more: Partial<ReadOptions> = {}): string[] {
  const parsed = parse(file, text, more)
  if (parsed.result === 'plan') throw new Error('expected problems, found a plan')
  return parsed.problems.map(formatProblem)
}

/** `file:line:column: message` of what a file is told without being stopped. */
export function warningsIn(file: string, text: string, more: Partial<ReadOptions> = {}): string[] {
  const parsed = parse(file, text, more)
  if (parsed.result === 'broken') throw new Error(parsed.problems.map(formatProblem).join('\n'))
  return parsed.warnings.map(formatProblem)
}
