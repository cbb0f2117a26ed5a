import { admit } from '../src/core/admit.ts'
import { decide, issued } from '../src/core/decide.ts'
import type { Event, EventBody } from '../src/core/events.ts'
import type { Input } from '../src/core/intents.ts'
import type { RoutePrice } from '../src/core/price.ts'
import { reduce } from '../src/core/reduce.ts'
import type { Settings } from '../src/core/settings.ts'
import { emptyState } from '../src/core/state.ts'
import { settings } from '../test/core/specs.ts'
import { planOf } from './plans.ts'

const USD = 1_000_000
const tariff = { rates: { input_per_mtok: 3, output_per_mtok: 15 } }

/** Two tiers of two routes each, every one of them paid for by tokens, and a limit of every kind. */
const ROUTED: Partial<Settings> = {
  providers: { a: { type: 'openai' }, b: { type: 'openai' }, c: { type: 'anthropic' }, d: { type: 'anthropic' } },
  default_provider: 'a',
  tiers: { local: [{ provider: 'a', model: 'm' }, { provider: 'b', model: 'm' }], complex: [{ provider: 'c', model: 'l' }, { provider: 'd', model: 'l' }] },
  budget: { day: 1e6 * USD, month: 1e6 * USD, project: 1e6 * USD, run: 1e6 * USD, task: USD, warn_at_pct: 80, on_limit: 'hold', time_zone: 'Europe/Berlin' },
}
const PAID: RoutePrice[] = ['a', 'b', 'c', 'd'].map((provider) => ({ provider, model: provider < 'c' ? 'm' : 'l', price: { kind: 'tokens', tariff, source: 'config' } }))

/** One provider that costs nothing, and no limits. */
const PLAIN: Partial<Settings> = { providers: { a: { type: 'ollama', model: 'm' } }, default_provider: 'a' }
const FREE: RoutePrice[] = [{ provider: 'a', model: 'm', price: { kind: 'free' } }]

export type Routed = { plain: number; routed: number }

/**
 * CPU of the core for one task, in µs, from the plan to the end of the run, with 64 attempts at once: everything
 * but disk and providers. `plain` knows one free provider and no limit; `routed` has tiers, prices and limits.
 */
export function routing(tasks: number): Routed {
  return { plain: conduct(tasks, PLAIN, FREE), routed: conduct(tasks, ROUTED, PAID) }
}

function conduct(tasks: number, given: Partial<Settings>, prices: RoutePrice[]): number {
  const plan = { ...planOf('layers', tasks), prices }
  const state = emptyState()
  const now = '2026-11-20T12:00:00.000Z'
  const record = (bodies: readonly EventBody[]) => {
    for (const body of bodies) {
      const event: Event = { v: 1, seq: state.seq + 1, at: now, ...body }
      reduce(state, event)
    }
  }
  const take = (input: Input) => record(admit(state, input, now).events)

  const before = process.cpuUsage()
  take({ type: 'opened', run: 'r', project: 'p', version: '0', settings: settings({ max_concurrent: 64, ...given }), elsewhere: { run: 0, project: 0, day: 0, month: 0 } })
  take({ type: 'add', plan })
  const underWay: { task: string; attempt: number }[] = []
  while (state.phase.phase === 'open') {
    for (let command = decide(state); command !== undefined; command = decide(state)) {
      record(issued(state, command))
      if (command.type === 'start-attempt') underWay.push({ task: command.spec.id, attempt: command.attempt })
    }
    const next = underWay.shift()
    if (next !== undefined) {
      take({ type: 'attempt-ended', ...next, outcome: { result: 'answered', finish: 'stop', usage: { input: 40, output: 200 }, duration_ms: 1 } })
    }
  }
  const { user, system } = process.cpuUsage(before)
  if (state.counts.complete !== tasks) throw new Error(`only ${state.counts.complete} of ${tasks} tasks completed`)
  return (user + system) / tasks
}
