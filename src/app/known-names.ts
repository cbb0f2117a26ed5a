import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { listRunIds, runFolder } from '../store/run-folder.ts'

/*
 * Names for somebody who is typing: at once, or not at all. No configuration is read and no log, and nothing is loaded that
 * would take longer than that.
 */

/** The tasks of the newest run, as its manifest was last written. @param workspace its folder */
export async function knownTasks(workspace: string): Promise<string[]> {
  const runs = join(resolve(workspace), 'runs')
  const newest = (await listRunIds(runs)).at(-1)
  if (newest === undefined) return []
  try {
    return idsIn(JSON.parse(await readFile(runFolder(runs, newest).manifest, 'utf8')))
  } catch {
    return []
  }
}

/** What does not look like an id is none: a shell takes it as it is. */
function idsIn(manifest: unknown): string[] {
  const tasks: unknown = fieldOf(manifest, 'tasks')
  if (!Array.isArray(tasks)) return []
  return tasks.flatMap((task: unknown) => {
    const id = fieldOf(task, 'id')
    return typeof id === 'string' && /^[\w.-]+$/.test(id) ? [id] : []
  })
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined
}

/** Runs, newest first. */
export async function knownRuns(workspace: string): Promise<string[]> {
  return (await listRunIds(join(resolve(workspace), 'runs'))).toReversed()
}
