import { openLedger } from '../store/ledger.ts'
import { openAccounts } from '../store/open-accounts.ts'
import { recentRuns } from './runs.ts'
import type { Workspace } from './workspace.ts'

/** The ledger held against the manifests of the runs that are there, run by run; micro-dollars. */
export type LedgerCheck = {
  /** Runs of which both say the same. */
  equal: number
  differences: { run: string; ledger_micro_usd: number; manifest_micro_usd: number }[]
  /** Runs that cannot be read. */
  damaged: { run: string; problem: string }[]
  /** Runs whose settlements are not all in the ledger yet: they are being conducted, or the next conductor writes them. */
  under_way: string[]
  /** Runs that have been deleted, and what the ledger says they have cost. */
  deleted: { runs: number; ledger_micro_usd: number }
  /** What people have corrected: it stands in the ledger only, and is no part of the comparison. */
  corrected_micro_usd: number
}

/** Holds what the ledger says was settled against what the manifests say, for every run. */
export async function checkLedger({ runs }: Workspace): Promise<LedgerCheck> {
  // Asked first: a run that ends meanwhile is in the ledger before it is looked for there.
  const under_way = await openAccounts(runs)
  const manifests = await recentRuns(runs, Infinity)
  const settled = new Map<string, number>()
  let corrected_micro_usd = 0
  for await (const { type, run, micro_usd } of openLedger(runs).read()) {
    if (type === 'settled') settled.set(run, (settled.get(run) ?? 0) + micro_usd)
    else corrected_micro_usd += micro_usd
  }
  const check: LedgerCheck = { equal: 0, differences: [], damaged: [], under_way, deleted: { runs: 0, ledger_micro_usd: 0 }, corrected_micro_usd }
  for (const manifest of manifests) {
    const run = manifest.job_id
    const ledger_micro_usd = settled.get(run) ?? 0
    settled.delete(run)
    if (under_way.includes(run)) continue
    if ('problem' in manifest) check.damaged.push({ run, problem: manifest.problem })
    else if (manifest.cost_micro_usd === ledger_micro_usd) check.equal++
    else check.differences.push({ run, ledger_micro_usd, manifest_micro_usd: manifest.cost_micro_usd })
  }
  for (const [run, micro_usd] of settled) {
    if (under_way.includes(run)) continue
    check.deleted.runs++
    check.deleted.ledger_micro_usd += micro_usd
  }
  return check
}
