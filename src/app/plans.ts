import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { vocabulary } from '../checks/registry.ts'
import { errorCode, errorMessage } from '../core/error.ts'
import type { Plan } from '../core/plan.ts'
import type { Problem } from '../core/problem.ts'
import { listTaskFiles, readTaskFile } from '../tasks/inbox.ts'
import { parseTaskFile } from '../tasks/parse-task-file.ts'
import type { ReadOptions } from '../tasks/reading.ts'
import type { Workspace } from './workspace.ts'

/** Task files as they were read. `contents` are their bytes, by the name the plan knows them under. */
export type LoadedPlan = {
  plan: Plan
  contents: Map<string, Uint8Array>
  /** What each file's own status says, where it has one. */
  statuses: Map<string, string>
  /** The projects that the files say they belong to. */
  projects: Set<string>
  warnings: Problem[]
}

export type Loading = { result: 'plan'; loaded: LoadedPlan } | { result: 'broken'; problems: Problem[]; warnings: Problem[] }

/**
 * Reads task files and folders of them into one plan. Every file is read, so that all that is wrong is
 * told at once.
 * @param paths as a person gave them; relative to where the process runs
 * @param params values for `{{name}}` in prompts
 */
export async function loadPlan(workspace: Workspace, paths: readonly string[], params: Readonly<Record<string, string>>): Promise<Loading> {
  const loaded: LoadedPlan = { plan: { files: [], tasks: [], earlier: [], prices: [] }, contents: new Map(), statuses: new Map(), projects: new Set(), warnings: [] }
  const problems: Problem[] = []
  const seen = new Set<string>()
  for (const path of paths) {
    const found = await expand(workspace, path)
    if ('problem' in found) problems.push(found.problem)
    else if (found.files.length === 0) problems.push({ file: path, message: 'there is no task file (.md, .yaml, .yml, .json) in this folder' })
    else {
      for (const file of found.files) {
        if (seen.has(file)) continue
        seen.add(file)
        problems.push(...(await loadFile(workspace, file, params, loaded)))
      }
    }
  }
  return problems.length > 0 ? { result: 'broken', problems, warnings: loaded.warnings } : { result: 'plan', loaded }
}

async function expand({ runs }: Workspace, path: string): Promise<{ files: string[] } | { problem: Problem }> {
  const absolute = resolve(path)
  try {
    const found = await stat(absolute)
    return { files: found.isDirectory() ? await listTaskFiles(absolute, runs) : [absolute] }
  } catch (error) {
    const message = errorCode(error) === 'ENOENT' ? 'there is no such file or folder' : errorMessage(error)
    return { problem: { file: path, message } }
  }
}

function readOptions({ config, settings }: Workspace, params: Readonly<Record<string, string>>): ReadOptions {
  const known = { tiers: Object.keys(settings.tiers), providers: Object.keys(settings.providers) }
  // Where the run has its own provider, the names in its files do not matter.
  return { checks: vocabulary, params, max_prompt_bytes: config.context.max_prompt_bytes, known: settings.override.provider === undefined ? known : undefined }
}

/** Adds one file to a plan; gives what is wrong with it. */
async function loadFile(
  workspace: Workspace,
  path: string,
  params: Readonly<Record<string, string>>,
  loaded: LoadedPlan,
): Promise<Problem[]> {
  const read = await readTaskFile(workspace.dir, path)
  if ('message' in read) return [read]
  const { file, sha256, content_sha256, size, inbox, bytes, text } = read
  const parsed = parseTaskFile({ file, text }, readOptions(workspace, params))
  loaded.warnings.push(...parsed.warnings)
  if (parsed.result === 'broken') return parsed.problems
  loaded.plan.files.push({ file, sha256, content_sha256, size, inbox })
  for (const task of parsed.tasks) loaded.plan.tasks.push(task)
  loaded.contents.set(file, bytes)
  if (parsed.status !== undefined) loaded.statuses.set(file, parsed.status)
  if (parsed.project !== undefined) loaded.projects.add(parsed.project)
  return []
}
