import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openWorkspace, type Workspace } from '../../src/app/workspace.ts'
import type { LedgerLine } from '../../src/core/ledger.ts'
import { openLedger } from '../../src/store/ledger.ts'
import { tempDir } from '../temp-dir.ts'

/** A workspace on disk in which something has run before, opened. */
export async function workspaceWith(config: object = {}): Promise<Workspace> {
  const dir = await tempDir()
  await writeFile(join(dir, 'config.json'), JSON.stringify(config))
  const opened = await openWorkspace(dir, {}, { OPENAI_API_KEY: 'k' })
  if ('problems' in opened) throw new Error(JSON.stringify(opened.problems))
  await mkdir(opened.runs)
  return opened
}

/** Everything in a workspace's ledger. */
export async function ledgerOf({ runs }: Workspace): Promise<LedgerLine[]> {
  const lines: LedgerLine[] = []
  for await (const line of openLedger(runs).read()) lines.push(line)
  return lines
}
