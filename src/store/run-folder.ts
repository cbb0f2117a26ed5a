import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../core/error.ts'

/** Where everything of one run lies. */
export type RunFolder = {
  id: string
  /** Absolute. */
  path: string
  events: string
  manifest: string
  inputs: string
  outputs: string
  logs: string
}

/** Runs are named by when they began, so that their folders sort by age: `20261120-140211-7f3a`. */
const RUN_ID = /^\d{8}-\d{6}-[0-9a-f]{4}$/

/**
 * A new run's id. Its last four digits are the milliseconds and one digit of chance, so that runs of the
 * same second sort by age too.
 * @param now milliseconds since 1970
 * @param chance from 0 to 15; tells apart what began in the same millisecond
 */
export function newRunId(now: number, chance: number): string {
  const [date, time, fraction] = new Date(now).toISOString().split(/[T.Z]/)
  const suffix = (Number(fraction) * 16 + chance).toString(16).padStart(4, '0')
  return `${date?.replaceAll('-', '')}-${time?.replaceAll(':', '')}-${suffix}`
}

/** The places of a run, whether it exists or not. */
export function runFolder(runs: string, id: string): RunFolder {
  const path = join(runs, id)
  return {
    id,
    path,
    events: join(path, 'events.jsonl'),
    manifest: join(path, 'manifest.json'),
    inputs: join(path, 'inputs'),
    outputs: join(path, 'outputs'),
    logs: join(path, 'logs'),
  }
}

/** Makes the folder of a new run. Throws when it is there already. */
export async function createRunFolder(runs: string, id: string): Promise<RunFolder> {
  const folder = runFolder(runs, id)
  await mkdir(runs, { recursive: true })
  await mkdir(folder.path)
  await Promise.all([folder.inputs, folder.outputs, folder.logs].map((path) => mkdir(path)))
  return folder
}

/** The ids of all runs, oldest first; none where there is no folder. */
export async function listRunIds(runs: string): Promise<string[]> {
  const names = await readdir(runs).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  })
  return names.filter((name) => RUN_ID.test(name)).sort()
}

/**
 * The run that a person means: its id, the beginning or the end of it, or `last`.
 * @returns the id, or all that match when it is not exactly one
 */
export async function findRun(runs: string, reference: string): Promise<string | string[]> {
  const ids = await listRunIds(runs)
  if (reference === 'last') return ids.at(-1) ?? []
  const matches = ids.filter((id) => id === reference || id.startsWith(reference) || id.endsWith(reference))
  return matches.length === 1 && matches[0] !== undefined ? matches[0] : matches
}
