import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../core/error.ts'

/*
 * `runs/ledger/open/<run>` says that a run may have spent what is not in the ledger yet. It is there before the
 * run's first attempt, and goes when the run is over and all of it has been written down.
 */

const folderOf = (runs: string) => join(runs, 'ledger', 'open')

/** @param runs the workspace's `runs/` @param run the run's id */
export async function openAccount(runs: string, run: string): Promise<void> {
  await mkdir(folderOf(runs), { recursive: true })
  await writeFile(join(folderOf(runs), run), '', { flush: true })
}

export async function closeAccount(runs: string, run: string): Promise<void> {
  await rm(join(folderOf(runs), run), { force: true })
}

/** The ids of such runs, oldest first. */
export async function openAccounts(runs: string): Promise<string[]> {
  const names = await readdir(folderOf(runs)).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  })
  return names.filter((name) => !name.startsWith('.')).sort()
}
