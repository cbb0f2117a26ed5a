import { pickRun } from '../app/runs.ts'
import type { Workspace } from '../app/workspace.ts'
import { workspaceToLookAt, type WorkspaceOptions } from './options.ts'
import { err } from './terminal.ts'

type Found = { workspace: Workspace; folder: Exclude<Awaited<ReturnType<typeof pickRun>>, { problem: string }> }

/** Opens the workspace and finds the run that a person means in it, or complains. */
export async function findRun(options: WorkspaceOptions, reference: string): Promise<Found | undefined> {
  const workspace = await workspaceToLookAt(options)
  if (workspace === undefined) return undefined
  const folder = await pickRun(workspace.runs, reference)
  if (!('problem' in folder)) return { workspace, folder }
  err(`error: ${folder.problem}`)
  return undefined
}
