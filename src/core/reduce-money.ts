import { turnDay } from './budget.ts'
import type { Event } from './events.ts'
import { priceKey } from './price.ts'
import type { RunState } from './state.ts'

export type MoneyEvent = Extract<Event, { type: `budget.${string}` | 'day.turned' | 'prices.read' }>

/** Takes limits, days and prices into the state; reservations are part of their attempts' events. */
export function reduceMoney({ budget, prices }: RunState, event: MoneyEvent): void {
  switch (event.type) {
    case 'day.turned':
      turnDay(budget, { day: event.day, ends_at: event.ends_at })
      return
    case 'budget.counted':
      budget.elsewhere = { ...event.elsewhere }
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
