import { errorMessage } from '../core/error.ts'
import { attemptKey, type LedgerLine, type SettledLine } from '../core/ledger.ts'
import { aloneWithLedger, openLedger } from '../store/ledger.ts'
import type { RunFolder } from '../store/run-folder.ts'
import { settleAbandoned } from './abandoned.ts'
import { asConductor, conductorOf } from './lock.ts'
import { pickRun, replayRun } from './runs.ts'
import type { Workspace } from './workspace.ts'

/** What a person knows better than the ledger. */
export type KnownCost = {
  /** A run's id, the beginning or the end of it, or `last`; of a run that has been deleted, its id. */
  run: string
  task: string
  /** May be left out where the task had one attempt only. */
  attempt: number | undefined
  /** What it has cost. */
  micro_usd: number
  reason: string
  by: string
}

/** `estimated`: what it had been settled at was not known for sure. */
export type Reconciled = { line: LedgerLine; old_micro_usd: number; estimated: boolean }

/**
 * Corrects what an attempt was settled at: a line of its own, the settlement stays as it is. It counts for the
 * day of the settlement.
 * @param at now (ISO 8601, UTC)
 */
export async function reconcile(workspace: Workspace, known: KnownCost, at: string): Promise<Reconciled | { problem: string }> {
  // What a killed conductor left is settled first; one that lives does that itself.
  await asConductor(workspace, () => settleAbandoned(workspace, undefined))
  return aloneWithLedger(workspace.runs, () => correct(workspace, known, at))
}

async function correct(workspace: Workspace, known: KnownCost, at: string): Promise<Reconciled | { problem: string }> {
  const picked = await pickRun(workspace.runs, known.run)
  const id = 'problem' in picked ? known.run : picked.id
  const ledger = openLedger(workspace.runs)
  const settled: SettledLine[] = []
  const corrected = new Map<string, number>()
  for await (const line of ledger.read()) {
    if (line.task !== known.task || line.run !== id) continue
    if (line.type === 'settled') settled.push(line)
    else corrected.set(attemptKey(line), (corrected.get(attemptKey(line)) ?? 0) + line.micro_usd)
  }
  const found = pick(settled, known)
  if (found === undefined) return { problem: 'problem' in picked ? picked.problem : await whyNotSettled(workspace, picked, known) }
  if ('problem' in found) return found
  const old_micro_usd = found.micro_usd + (corrected.get(attemptKey(found)) ?? 0)
  if (old_micro_usd === known.micro_usd) return { problem: `attempt ${found.attempt} of "${found.task}" stands at that already; nothing was changed` }
  const { v, day, project, run, task, attempt, provider, model, tier, estimated } = found
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
    micro_usd: known.micro_usd - old_micro_usd,
    reason: known.reason,
    by: known.by,
  }
  await ledger.append([line])
  return { line, old_micro_usd, estimated }
}

/** The one settlement that is meant; undefined where the ledger does not have it. */
function pick(settled: readonly SettledLine[], { task, attempt }: KnownCost): SettledLine | { problem: string } | undefined {
  if (attempt !== undefined) return settled.find((line) => line.attempt === attempt)
  if (settled.length < 2) return settled[0]
  return { problem: `"${task}" has the attempts ${settled.map((line) => line.attempt).join(', ')}; name one with --attempt` }
}

/** Why the ledger has no settlement of what a person means, and what to do. */
async function whyNotSettled(workspace: Workspace, folder: RunFolder, { task: name, attempt: number }: KnownCost): Promise<string> {
  const { id } = folder
  const replayed = await replayRun(folder).catch((error: unknown) => ({ problem: errorMessage(error) }))
  if ('problem' in replayed) return `run ${id} cannot be read: ${replayed.problem}`
  const { tasks } = replayed.state
  const attempts = tasks.get(name)?.attempts
  if (attempts === undefined) return `run ${id} has no task "${name}"; it has: ${firstOf([...tasks.keys()])}`
  const attempt = number === undefined ? attempts.at(-1) : attempts.find((each) => each.attempt === number)
  if (attempt === undefined) {
    const has = attempts.length === 0 ? 'it has not started' : `it has: ${firstOf(attempts.map((each) => `${each.attempt}`))}`
    return `"${name}" in run ${id} has no attempt${number === undefined ? '' : ` ${number}`}; ${has}`
  }
  const what = `attempt ${attempt.attempt} of "${name}" in run ${id}`
  if (attempt.reserved === undefined) return `there is nothing to correct: nobody is paid for ${what}`
  const pid = await conductorOf(workspace)
  return `${what} is not settled yet; ${pid === undefined ? `"tutti resume ${id}", or the next run, settles it` : `process ${pid} is at work: correct it when that has ended`}`
}

/** At most so many names are told. */
const MOST_NAMED = 20

function firstOf(names: readonly string[]): string {
  return `${names.slice(0, MOST_NAMED).join(', ')}${names.length > MOST_NAMED ? ', …' : ''}`
}
