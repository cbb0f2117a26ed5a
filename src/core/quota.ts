import type { Command } from './commands.ts'
import { conditionText, isSpent, isUsable } from './condition.ts'
import type { EventBody } from './events.ts'
import type { GateTimeout } from './gate.ts'
import { timeoutOf } from './gate-policy.ts'
import { top } from './heap.ts'
import { readyOrder } from './order.ts'
import type { Target } from './route.ts'
import { shownHash } from './shown.ts'
import { heldAt, taskOf, type RunState } from './state.ts'
import type { HeldState, Task } from './task-state.ts'
import type { TaskSpec } from './task.ts'

/*
 * A quota that is used up, where nobody knows when it is back: no time brings it back, so a person is asked.
 */

/** Nobody answers, and the provider may have something left again: so often it is asked all the same; seconds. */
const LOOK_AGAIN_S = 3_600

/** The next task that only a person can help on: none of its routes comes back by itself. The first of each lane speaks for those behind it. */
export function openQuotaGate(state: RunState): Command | undefined {
  if (state.budget.stopped || state.paused !== undefined) return undefined
  const stuck = [...state.lanes.values()].flatMap(({ ready, routes }) => {
    const entry = top(ready)
    const providers = entry === undefined ? undefined : spentAmong(state, routes)
    return entry === undefined || providers === undefined ? [] : [{ ...entry, routes, providers }]
  })
  const [first] = stuck.length > 1 ? stuck.sort(readyOrder) : stuck
  if (first === undefined) return undefined
  const { id, routes, providers } = first
  const reason = namesOf(routes).map((provider) => `${provider} ${conditionText(state.conditions.get(provider))}`).join('; ')
  const timeout = timeoutHere(state, taskOf(state, id).spec)
  return { type: 'open-gate', task: id, gate: 'quota', providers, reason, shown: shownHash({ gate: 'quota', reason }), ...(timeout === undefined ? {} : { timeout }) }
}

function timeoutHere(state: RunState, spec: TaskSpec): GateTimeout | undefined {
  return timeoutOf(state, spec) ?? (spec.on_timeout === 'hold' ? undefined : { after_s: LOOK_AGAIN_S, does: 'approve' })
}

/** The providers of some routes that have nothing left, where nothing but a person brings any of the routes back; undefined where something does. */
function spentAmong({ conditions }: RunState, routes: readonly Target[]): string[] | undefined {
  const names = namesOf(routes)
  const spent = names.filter((provider) => isSpent(conditions.get(provider)))
  const isStuck = spent.length > 0 && names.every((provider) => isSpent(conditions.get(provider)) || conditions.get(provider)?.is === 'gone')
  return isStuck ? spent : undefined
}

/** Whether a task that waits for a quota waits for the same one on these routes. */
export function stillWaits(state: RunState, { providers }: Extract<HeldState, { gate: 'quota' }>, routes: readonly Target[]): boolean {
  const spent = spentAmong(state, routes)
  return spent?.length === providers.length && spent.every((provider, at) => provider === providers[at])
}

/** Those of whom a person is asked whether they have something left again. It costs with the number of tasks. */
export function askedAbout(state: RunState): Set<string> {
  return new Set(heldAt(state, 'quota').flatMap(({ state: now }) => (now.status === 'held' && now.gate === 'quota' ? now.providers : [])))
}

/** Has every provider asked again that keeps a task waiting. */
export function askAgain(state: RunState, { routes }: Task, reason: string): EventBody[] {
  return namesOf(routes).flatMap((provider): EventBody[] => (isUsable(state.conditions.get(provider)) ? [] : [{ type: 'provider.back', provider, reason }]))
}

/**
 * What follows once providers are back: each is back once, whoever asked for it, and all that waits for its quota is
 * looked at again there and then, before whatever else the same step does to it. What is answered or ends in the same
 * step goes its own way.
 */
export function withLifted(state: RunState, events: EventBody[]): EventBody[] {
  if (state.counts.held === 0 || !events.some(({ type }) => type === 'provider.back')) return events
  const gone = new Set(events.flatMap((event) => (event.type === 'gate.answered' || event.type === 'task.ended' ? [event.task] : [])))
  const waiting = new Map(heldAt(state, 'quota').flatMap((task) => (gone.has(task.spec.id) ? [] : [[task, namesOf(task.routes)] as const])))
  const back = new Set<string>()
  return events.flatMap((event): EventBody[] => {
    if (event.type !== 'provider.back') return [event]
    if (back.has(event.provider)) return []
    back.add(event.provider)
    const lifted = [...waiting].filter(([, names]) => names.includes(event.provider)).map(([task]) => task)
    for (const task of lifted) waiting.delete(task)
    return [event, ...lifted.map(({ spec }): EventBody => ({ type: 'gate.lifted', task: spec.id, reason: `${event.provider} is asked again` }))]
  })
}

/**
 * Whether a yes comes to a quota that has been asked for again already, for all that waited for it: what is wanted is done, however far the
 * task has come since. Without the gate's name it may be meant for something else, unless the task is on its way because of it.
 */
export function isAskedAgain({ gates }: RunState, { spec, state: now }: Task, gate: string | undefined): boolean {
  if (gate === undefined && now.status !== 'ready' && now.status !== 'running') return false
  const last = [...gates.values()].findLast(({ task }) => task === spec.id)
  return last?.gate === 'quota' && last.end?.how === 'lifted' && (gate ?? last.id) === last.id
}

function namesOf(routes: readonly Target[]): string[] {
  return [...new Set(routes.map(({ provider }) => provider))]
}
