import { attemptKey, type LedgerLine, type SettledLine } from '../core/ledger.ts'
import { openLedger } from '../store/ledger.ts'
import type { Workspace } from './workspace.ts'

/** What a person knows better than the ledger. */
export type Correction = {
  /** A run's id, the beginning or the end of it, or `last`. */
  run: string
  task: string
  /** May be left out where the task had one attempt only. */
  attempt: number | undefined
  /** What it has cost. */
  micro_usd: number
  reason: string
  by: string
}

export type Reconciled = { line: LedgerLine; old_micro_usd: number }

/**
 * Corrects what an attempt was settled at: a line of its own, the settlement stays as it is. It counts for the
 * day of the settlement.
 * @param at now (ISO 8601, UTC)
 */
export async function reconcile({ runs }: Workspace, correction: Correction, at: string): Promise<Reconciled | { problem: string }> {
  const ledger = openLedger(runs)
  const settled: SettledLine[] = []
  const corrected = new Map<string, number>()
  for await (const line of ledger.read()) {
    const { run, task } = line
    if (task !== correction.task || !isMeant(run, correction.run)) continue
    if (line.type === 'settled') settled.push(line)
    else corrected.set(attemptKey(line), (corrected.get(attemptKey(line)) ?? 0) + line.micro_usd)
  }
  const found = pick(settled, correction)
  if ('problem' in found) return found
  const old_micro_usd = found.micro_usd + (corrected.get(attemptKey(found)) ?? 0)
  if (old_micro_usd === correction.micro_usd) return { problem: `attempt ${found.attempt} of "${found.task}" stands at that already; nothing was changed` }
  const { v, day, project, run, task, attempt, provider, model, tier } = found
  const line: LedgerLine = {
    v,
    type: 'corrected',
    at,
    day,
    project,
    run,
    task,
    attempt,
    provider,
    ...(model === undefined ? {} : { model }),
    ...(tier === undefined ? {} : { tier }),
    micro_usd: correction.micro_usd - old_micro_usd,
    reason: correction.reason,
    by: correction.by,
  }
  await ledger.append([line])
  return { line, old_micro_usd }
}

function isMeant(run: string, reference: string): boolean {
  return reference === 'last' || run.startsWith(reference) || run.endsWith(reference)
}

/** The one settlement that is meant. */
function pick(settled: readonly SettledLine[], { run, task, attempt }: Correction): SettledLine | { problem: string } {
  const runs = [...new Set(settled.map((line) => line.run))].sort()
  const meant = runs.at(-1)
  if (meant === undefined) return { problem: `the ledger has no attempt of "${task}" in a run "${run}"; "tutti cost --by task" names those it has` }
  if (runs.length > 1 && run !== 'last') return { problem: `"${run}" could be ${runs.join(' or ')}; give more of it` }
  const own = settled.filter((line) => line.run === meant)
  const numbers = own.map((line) => line.attempt).join(', ')
  if (attempt === undefined && own.length > 1) return { problem: `"${task}" has the attempts ${numbers}; name one with --attempt` }
  const found = attempt === undefined ? own[0] : own.find((line) => line.attempt === attempt)
  return found ?? { problem: `the ledger has no attempt ${attempt} of "${task}"; it has: ${numbers}` }
}
