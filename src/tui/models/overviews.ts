import type { ShownRun } from '../../app/screen.ts'
import { emptyState } from '../../core/state.ts'
import type { CostGroup } from '../../core/views/cost.ts'
import { inboxEntries, type InboxEntry } from '../../core/views/inbox.ts'
import { runCost, type RunCost } from '../../core/views/run-cost.ts'
import { overview, type Overview } from './overview.ts'

/** What is told of all tasks of a run together. */
export type Overviews = {
  /** What waits for a person, oldest first. */
  inbox: () => readonly InboxEntry[]
  cost: (by: CostGroup) => RunCost
  close: () => void
}

/** @param changed is called when a figure that was shown as it was before can be made anew */
export function createOverviews(run: ShownRun | undefined, changed: () => void): Overviews {
  const state = () => run?.state ?? emptyState()
  const version = () => state().seq
  const inbox = overview(() => inboxEntries(state()), version, changed)
  const costs = new Map<CostGroup, Overview<RunCost>>()
  return {
    inbox: inbox.get,
    cost: (by) => {
      const known = costs.get(by) ?? overview(() => runCost(state(), by), version, changed)
      costs.set(by, known)
      return known.get()
    },
    close: () => {
      inbox.close()
      for (const cost of costs.values()) cost.close()
    },
  }
}
