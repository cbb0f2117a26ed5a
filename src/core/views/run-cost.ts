import type { LedgerLine } from '../ledger.ts'
import type { RunState } from '../state.ts'
import { costTally, taskKey, verdictOf, type CostGroup, type CostReport } from './cost.ts'
import { ledgerLine } from './ledger-line.ts'
import { topTierOf } from './savings.ts'
import type { Payment } from './sparkline.ts'
import { taskEntry } from './task-entry.ts'

/** What one run has cost, added up as the ledger is: the same figures as its lines there would give. */
export type RunCost = { report: CostReport; payments: readonly Payment[] }

/** It costs with the number of tasks. */
export function runCost(state: RunState, by: CostGroup): RunCost {
  const tally = costTally(by)
  const lines = linesOf(state)
  for (const line of lines) tally.add(line)
  const verdicts = new Map([...state.tasks.values()].map((task) => [taskKey(state.run, task.spec.id), verdictOf(taskEntry(task, state))]))
  return { report: tally.report(verdicts, topTierOf(state)), payments: lines.map(({ at, micro_usd }) => ({ at: Date.parse(at), micro_usd })) }
}

/** What the ledger says of the run: its settlements, and what people have corrected since. */
function linesOf(state: RunState): LedgerLine[] {
  return [...state.tasks.values()].flatMap((task) =>
    task.attempts.flatMap((attempt): LedgerLine[] => {
      const line = ledgerLine(state, task, attempt)
      if (line === undefined) return []
      const { corrected = 0 } = attempt
      return corrected === 0 ? [line] : [line, { ...line, type: 'corrected', micro_usd: corrected, reason: '', by: '' }]
    }),
  )
}
