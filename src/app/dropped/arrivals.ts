import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Refusal } from '../../core/intents.ts'
import type { Problem } from '../../core/problem.ts'
import type { RunState } from '../../core/state.ts'
import { loadPlan, type LoadedPlan } from '../plans.ts'
import type { Workspace } from '../workspace.ts'
import { byFile, contentOf, fileStanding, merge } from './batch.ts'

/** What the files are handed to. */
export type Taker = {
  /** Takes them into the run that is open, or opens one with them. */
  take: (loaded: LoadedPlan) => Promise<Refusal | undefined>
  /** Whether the run that is open is not through with a file: it has tasks that have not ended, or is still to be filed away. */
  holds: (file: string) => boolean
  problems: (problems: readonly Problem[], kind: 'error' | 'warning') => void
}

/**
 * The files that lie where task files are dropped. Files are named relative to the workspace.
 *
 *   read ──► parked ──► admitted ──► left in a run that cannot go on
 *              ▲  │
 *              └──┘ refused: what it waits for may still be dropped
 */
export type Arrivals = {
  /** Parks a file that is to be run, as it stands now. */
  read: (file: string) => Promise<void>
  /** Hands in all that is parked; what is refused stays parked, and the rest is tried without it. */
  handIn: () => Promise<void>
  /** Reads what is parked once more, and hands it in: what it had to wait for is over. */
  again: () => Promise<void>
  gone: (file: string) => void
  /** These are in a run, however they came there. */
  admit: (files: Iterable<{ file: string; content_sha256: string | undefined }>) => void
  /** Remembers which files a run is left with, and says how to go on with it. */
  leave: (state: RunState, except?: ReadonlySet<string>) => Promise<void>
}

/** A file that cannot run yet. */
type Parked = { loaded: LoadedPlan; said: string }

export function arrivals(workspace: Workspace, { take, holds, problems }: Taker): Arrivals {
  const parked = new Map<string, Parked>()
  /** The content of each file as it was last admitted, whatever its status said. */
  const admitted = new Map<string, string | undefined>()
  /** Files that a run has begun, or could not begin, and that it was left with: they are that run's, and not run anew. */
  const leftIn = new Set<string>()

  async function read(file: string): Promise<void> {
    const before = parked.get(file)
    parked.delete(file)
    const path = join(workspace.dir, file)
    // It may have been filed away since.
    if (!(await exists(path))) return
    const loading = await loadPlan(workspace, [path], {})
    // Meanwhile it may have been filed away: what the run is through with, and is still there, was dropped anew.
    const held = holds(file)
    if (!(await exists(path))) return
    if (loading.result === 'broken') {
      problems(loading.warnings, 'warning')
      return problems(loading.problems, 'error')
    }
    const { loaded } = loading
    const standing = fileStanding(loaded, file, admitted, leftIn.has(file) || held)
    if (standing === 'in the run') return
    if (standing === 'ended') return tellMarked(file, loaded)
    const isSame = before !== undefined && contentOf(before.loaded) === contentOf(loaded)
    if (!isSame) problems(loaded.warnings, 'warning')
    parked.set(file, { loaded, said: isSame ? before.said : '' })
  }

  /** A file that says it is done, and that was not run while this watches, may have been put back to be run again. */
  function tellMarked(file: string, { statuses }: LoadedPlan): void {
    const status = statuses.get(file)
    if (admitted.has(file) || status === undefined) return
    admitted.set(file, undefined)
    problems([{ file, message: `is marked ${status} and is not run; take its status away to run it again` }], 'warning')
  }

  async function handIn(): Promise<void> {
    const batch = new Map(parked)
    while (batch.size > 0) {
      const refusal = await take(merge([...batch.values()].map(({ loaded }) => loaded)))
      if (refusal === undefined) {
        admit([...batch].map(([file, { loaded }]) => ({ file, content_sha256: contentOf(loaded) })))
        return
      }
      for (const [file, why] of byFile(refusal, batch)) {
        batch.delete(file)
        say(file, why, refusal.later)
      }
    }
  }

  function say(file: string, why: readonly Problem[], later: boolean): void {
    const entry = parked.get(file)
    const text = JSON.stringify(why)
    if (later || entry === undefined || entry.said === text) return
    entry.said = text
    problems(why, 'error')
  }

  function admit(files: Parameters<Arrivals['admit']>[0]): void {
    for (const { file, content_sha256 } of files) {
      const entry = parked.get(file)
      // What has been changed since is still to be run.
      if (entry !== undefined && contentOf(entry.loaded) === content_sha256) parked.delete(file)
      admitted.set(file, content_sha256)
    }
  }

  async function leave(state: RunState, except: ReadonlySet<string> = new Set()): Promise<void> {
    const left = state.phase.phase === 'closed' ? [] : [...state.files.values()].filter(({ file, inbox, left }) => inbox && left > 0 && !except.has(file))
    for (const { file, path, content_sha256 } of left) {
      if (!(await exists(join(workspace.dir, path)))) continue
      admitted.set(file, content_sha256)
      leftIn.add(file)
      problems([{ file, message: `is left in run ${state.run}, which cannot go on; when it can: tutti resume ${state.run}` }], 'warning')
    }
  }

  return {
    read,
    handIn,
    again: async () => {
      const waiting = [...parked.keys()]
      for (const file of waiting) await read(file)
      await handIn()
    },
    gone: (file) => void parked.delete(file),
    admit,
    leave,
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
