import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Event } from '../../src/core/events.ts'
import type { LedgerLine } from '../../src/core/ledger.ts'
import { reduce } from '../../src/core/reduce.ts'
import { emptyState, type RunState } from '../../src/core/state.ts'
import { openLedger } from '../../src/store/ledger.ts'
import { readEvents } from '../../src/store/read-events.ts'
import { listRunIds, runFolder, type RunFolder } from '../../src/store/run-folder.ts'

/** What a workspace's conductor has left on disk, read as the program reads it. */
export type Left = { dir: string; runs: LeftRun[]; ledger: LedgerLine[] }

/** A run whose plan was recorded. */
export type LeftRun = {
  folder: RunFolder
  /** Whole steps only. */
  events: Event[]
  /** What they come to. */
  state: RunState
  /** `manifest.json` as it lies there, if it does. */
  manifest: unknown
}

/** Runs that were cut off before their plan was recorded are left out: there is nothing in them. */
export async function whatIsLeft(dir: string): Promise<Left> {
  const all = await Promise.all((await listRunIds(join(dir, 'runs'))).map((id) => readRun(runFolder(join(dir, 'runs'), id))))
  const ledger: LedgerLine[] = []
  for await (const line of openLedger(join(dir, 'runs')).read()) ledger.push(line)
  return { dir, runs: all.filter(({ events }) => events.length > 0), ledger }
}

async function readRun(folder: RunFolder): Promise<LeftRun> {
  const events: Event[] = []
  await readEvents(folder.events, (event) => events.push(event)).catch(unlessMissing)
  const manifest = await readFile(folder.manifest, 'utf8').then((text): unknown => JSON.parse(text), unlessMissing)
  return { folder, events, state: fold(events), manifest }
}

export function fold(events: readonly Event[]): RunState {
  return events.reduce(reduce, emptyState())
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
