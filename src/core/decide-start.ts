import type { LimitName, Shortage } from './budget.ts'
import type { Command } from './commands.ts'
import { comesBack, isOnTrial, isUsable } from './condition.ts'
import { fund, shortageText } from './funding.ts'
import { top } from './heap.ts'
import { readyOrder } from './order.ts'
import { timeoutOf } from './gate-policy.ts'
import { unknownPriceAdvice } from './price.ts'
import { isAgent, rungOf, type Target } from './route.ts'
import type { Settings } from './settings.ts'
import { shownHash } from './shown.ts'
import { startAttempt } from './start-attempt.ts'
import { settingsOf, taskOf, type Lane, type ReadyEntry, type RunState } from './state.ts'
import { attemptsAnew, type Task } from './task-state.ts'

/**
 * The next attempt, with its route and the money set aside for it; or what to do about a task that there is
 * no money for. The first task of each lane speaks for all behind it: what it waits for comes soon, because
 * only what runs now can be in its way.
 */
export function start(state: RunState): Command | undefined {
  if (!hasSlot(state, undefined) || state.budget.stopped || state.paused !== undefined) return undefined
  for (const { id, target } of candidates(state)) {
    const task = taskOf(state, id)
    const funding = fund(state, task, target)
    if (funding.money === 'short' || funding.money === 'unknown') {
      const free = withoutMoney(state, task, target)
      if (free === 'later') continue
      if (free !== undefined) return free
    }
    switch (funding.money) {
      case 'there':
        return startAttempt(state, task, target, funding.reserved)
      case 'wait':
        continue
      case 'unknown':
        return holdForMoney(state, task, whyUnknown(settingsOf(state), target), undefined)
      case 'short':
        return whenShort(state, task, funding)
    }
  }
  return undefined
}

function whyUnknown(settings: Settings, target: Target): string {
  if (!Object.hasOwn(settings.providers, target.provider)) return `the provider "${target.provider}" is no longer in config.json: put it back, or choose another with --provider`
  return unknownPriceAdvice(target, isAgent(settings, target.provider))
}

/** The first task of each lane that has a route to go, in the order in which they may go. */
function candidates(state: RunState): (ReadyEntry & { target: Target })[] {
  const found: (ReadyEntry & { target: Target })[] = []
  for (const lane of state.lanes.values()) {
    const entry = top(lane.ready)
    const target = entry === undefined ? undefined : usableTarget(state, lane)
    if (entry !== undefined && target !== undefined) found.push({ ...entry, target })
  }
  return found.length > 1 ? found.sort(readyOrder) : found
}

/** The first route whose provider is there. A slot on it is waited for: a dearer route is for when it is away. */
function usableTarget(state: RunState, { routes }: Lane): Target | undefined {
  const { conditions, running } = state
  const isThere = ({ provider }: Target) => {
    const condition = conditions.get(provider)
    return isUsable(condition) && (!isOnTrial(condition) || (running.get(provider) ?? 0) === 0)
  }
  const target = routes.find(isThere)
  return target !== undefined && hasSlot(state, target.provider) ? target : undefined
}

/** Whether one more attempt may run: at all, and on a provider. */
export function hasSlot({ counts, running, settings }: RunState, provider: string | undefined): boolean {
  const { max_concurrent = 0, per_provider = {} } = settings ?? {}
  if (counts.running >= max_concurrent) return false
  const most = provider !== undefined && Object.hasOwn(per_provider, provider) ? (per_provider[provider] ?? Infinity) : Infinity
  return provider === undefined || (running.get(provider) ?? 0) < most
}

/** An answer from the cache costs nothing: it is looked for before a task is held, and used if it is there. */
function withoutMoney(state: RunState, task: Task, target: Target): Command | 'later' | undefined {
  const start = startAttempt(state, task, target, undefined)
  if (start.cache !== 'read' || task.cached === false) return undefined
  if (task.cached === undefined) return state.lookUps.size < settingsOf(state).max_concurrent ? { type: 'look-up', start } : 'later'
  if (state.budget.today === undefined) throw new Error('bug: a task runs before it is known which day it is')
  return { ...start, cache: 'only', reserved: { micro_usd: 0, day: state.budget.today.day } }
}

function holdForMoney(state: RunState, { spec }: Task, reason: string, limit: LimitName | undefined): Command {
  const timeout = timeoutOf(state, spec)
  const shown = shownHash({ gate: 'budget', reason })
  return { type: 'open-gate', task: spec.id, gate: 'budget', reason, ...(limit === undefined ? {} : { limit }), shown, ...(timeout === undefined ? {} : { timeout }) }
}

/** What a person or another day can change is waited for; a task that has been tried as often as its own limit allows ends. */
function whenShort(state: RunState, task: Task, shortage: Shortage): Command {
  const { id } = task.spec
  const reason = shortageText(task, shortage)
  const hold = holdForMoney(state, task, reason, shortage.limit)
  if (shortage.limit === 'task') return hasHadItsChance(task) ? { type: 'give-up', task: id, reason } : hold
  const { on_limit } = settingsOf(state).budget
  switch (on_limit) {
    case 'hold':
      return hold
    case 'stop':
      return { type: 'stop-spending', reason }
    case 'downgrade': {
      const rung = cheaperRung(state, task)
      return rung === undefined ? hold : { type: 'downgrade', task: id, rung }
    }
  }
}

/** Whether a task has been tried for its money. What was merely interrupted was not, and may have cost less than it was settled at. */
function hasHadItsChance(task: Task): boolean {
  const { tries, rung, ladder } = task
  const isGuess = attemptsAnew(task).some(({ outcome, settled, corrected }) => outcome?.result === 'failed' && outcome.kind === 'interrupted' && settled?.estimated === true && corrected === undefined)
  return (tries > 0 || rung > ladder.start) && !isGuess
}

/**
 * The dearest of the cheaper rungs that there is money for. A task that has moved up was not met down there, and
 * one for an agent, which works on files, is not one for a model that answers.
 */
function cheaperRung(state: RunState, task: Task): number | undefined {
  if (task.rung > task.ladder.start) return undefined
  const needsAgent = isAgent(settingsOf(state), task.route.provider)
  for (let rung = task.rung - 1; rung >= 0; rung--) {
    const { routes } = rungOf(task.ladder, rung)
    const condition = ({ provider }: Target) => state.conditions.get(provider)
    const target = routes.find((route) => isUsable(condition(route))) ?? routes.find((route) => comesBack(condition(route)))
    if (target === undefined || (needsAgent && !isAgent(settingsOf(state), target.provider))) continue
    const { money } = fund(state, task, target)
    if (money === 'there' || money === 'wait') return rung
  }
  return undefined
}
