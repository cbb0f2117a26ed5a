import type { SettledLine } from '../ledger.ts'
import type { RunState } from '../state.ts'
import type { Attempt, Task } from '../task-state.ts'

/** What the ledger says of an attempt that has ended; nothing of one that nobody is paid for. */
export function ledgerLine({ run, project }: RunState, { spec }: Task, attempt: Attempt): SettledLine | undefined {
  const { route, reserved, settled, outcome, ended_at } = attempt
  if (reserved === undefined || settled === undefined || outcome === undefined || ended_at === undefined) return undefined
  return {
    v: 1,
    type: 'settled',
    at: ended_at,
    day: reserved.day,
    project,
    run,
    task: spec.id,
    attempt: attempt.attempt,
    provider: route.provider,
    ...(route.model === undefined ? {} : { model: route.model }),
    ...(route.tier === undefined ? {} : { tier: route.tier }),
    ...(outcome.usage === undefined ? {} : { usage: outcome.usage }),
    micro_usd: settled.micro_usd,
    estimated: settled.estimated,
    ...(outcome.result === 'answered' && outcome.cached === true ? { cached: true } : {}),
    result: outcome.result,
  }
}

/** All that the ledger has to say of a run. */
export function ledgerLines(state: RunState): SettledLine[] {
  return [...state.tasks.values()].flatMap((task) => task.attempts.flatMap((attempt) => ledgerLine(state, task, attempt) ?? []))
}
