import { ladderOf, routeAt, rungOf, type Ladder } from './route.ts'
import type { Settings } from './settings.ts'
import { settingsOf, type RunState } from './state.ts'
import type { Standing, Task } from './task-state.ts'
import type { TaskSpec } from './task.ts'

/** Where a task begins under the run's settings. */
export function standingOf(state: RunState, spec: TaskSpec): Standing {
  const { work, type, tier, max_tier, provider, model } = spec
  const key = [work.kind, type, tier, max_tier, provider, model].join('\n')
  const known = begun.get(settingsOf(state)) ?? new Map<string, Standing>()
  const standing = known.get(key) ?? startOf(ladderFor(state, spec))
  begun.set(settingsOf(state), known.set(key, standing))
  return standing
}

/** Tasks that ask for the same stand at the same place: a run of thousands has a handful of them. */
const begun = new WeakMap<Settings, Map<string, Standing>>()

function startOf(ladder: Ladder): Standing {
  return standAt(ladder, ladder.start, 0, ladder.rungs.length - 1)
}

/**
 * Where a task stands under new settings: in the tier that it has moved up to, if there still is one of this name. One
 * that had moved down for want of money begins anew: there may be money now.
 */
export function standingAgain(state: RunState, { spec, ladder: before, route }: Task): Standing {
  const ladder = ladderFor(state, spec, before)
  const reached = ladder.rungs.findIndex(({ tier }) => tier !== undefined && tier === route.tier)
  return standAt(ladder, Math.max(ladder.start, reached), 0, ladder.rungs.length - 1)
}

/** A place on a ladder. @param turn the route of the rung that comes first */
export function standAt(ladder: Ladder, rung: number, turn: number, ceiling: number): Standing {
  const { tier = '', routes } = rungOf(ladder, rung)
  // What has failed in this try is not asked again before the next one.
  const inTurn = routes.slice(turn)
  const lane = [tier, ...inTurn.map(({ provider, model = '' }) => `${provider} ${model}`)].join('\n')
  return { ladder, rung, turn, ceiling, routes: inTurn, lane, route: routeAt(ladder, rung, turn) }
}

/** What the run's settings make of a task; `admit` has refused one for which there is no route. */
function ladderFor(state: RunState, spec: TaskSpec, otherwise?: Ladder): Ladder {
  const ladder = ladderOf(spec, settingsOf(state))
  if (!('problem' in ladder)) return ladder
  const target = { provider: spec.provider ?? settingsOf(state).default_provider }
  return otherwise ?? { rungs: [{ tier: undefined, reason: ladder.problem, routes: [target] }], start: 0 }
}
