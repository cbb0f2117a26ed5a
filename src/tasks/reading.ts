import type * as z from 'zod'
import type { Problem } from '../core/problem.ts'
import type { Place } from '../text/places.ts'

/** What reading needs to know of the rest of the house. */
export type ReadOptions = {
  /** The schema of each check's value, by the check's name. */
  checks: Readonly<Record<string, z.ZodType>>
  /** Values for `params`, from the command line; they win over the file's own. */
  params: Readonly<Record<string, string>>
  /** Prompts above this many bytes are refused. */
  max_prompt_bytes: number
  /** The names that prompts may be sent to; without them any name will do, as where the run says itself who does it. */
  known?: { tiers: readonly string[]; providers: readonly string[] } | undefined
}

/** One file being read: what its readers share, and what they have found so far. */
export type Reading = {
  file: string
  options: ReadOptions
  /** Any of them stops the file. */
  problems: Problem[]
  warnings: Problem[]
  /** The project that the file says it belongs to. */
  project: string | undefined
}

export function startReading(file: string, options: ReadOptions): Reading {
  return { file, options, problems: [], warnings: [], project: undefined }
}

/** One file holds no more: a plan of that size is a mistake, and would take the memory of everything else. */
const MAX_TASKS = 100_000

/** Refuses a file with too many tasks. */
export function refuseTooMany(reading: Reading, tasks: number): boolean {
  if (tasks <= MAX_TASKS) return false
  refuse(reading, undefined, `this file has ${tasks} tasks, and at most ${MAX_TASKS} are read; split it`)
  return true
}

/** Tells what stops the file. Without a place it is the file as a whole. */
export function refuse({ file, problems }: Reading, place: Place | undefined, message: string): void {
  problems.push({ file, ...place, message })
}

/** Tells what a person should know, and goes on. */
export function warn({ file, warnings }: Reading, place: Place | undefined, message: string): void {
  warnings.push({ file, ...place, message })
}
