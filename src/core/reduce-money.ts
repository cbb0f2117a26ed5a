import { turnDay } from './budget.ts'
import type { Event } from './events.ts'
import { priceKey } from './price.ts'
import type { RunState } from './state.ts'

export type MoneyEvent = Extract<Event, { type: `budget.${string}` | 'day.turned' | 'prices.read' }>

/** Takes limits, days and prices into the state; reservations are part of their attempts' events. */
export function reduceMoney(state: RunState, event: MoneyEvent): void {
  const { budget, prices } = state
  switch (event.type) {
    case 'day.turned':
      turnDay(budget, { day: event.day, ends_at: event.ends_at }, [...state.tasks.values()].flatMap(({ attempts }) => attempts))
      return
    case 'budget.counted':
      budget.elsewhere = { ...event.elsewhere }
      for (const { task, attempt, micro_usd } of event.corrections ?? []) {
        const corrected = state.tasks.get(task)?.attempts.find((each) => each.attempt === attempt)
        if (corrected !== undefined) corrected.corrected = micro_usd
      }
      return
    case 'budget.warned':
      budget.warned.add(event.limit)
      return
    case 'budget.stopped':
      budget.stopped = true
      return
    case 'prices.read':
      for (const { provider, model, price } of event.prices) prices.set(priceKey({ provider, model }), price)
  }
}
