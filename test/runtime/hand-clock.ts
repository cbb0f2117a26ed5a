import type { Clock } from '../../src/runtime/clock.ts'

/** A clock that stands until it is moved; it calls back at the times that were asked for, in their order. */
export type HandClock = Clock & { move: (ms: number) => void; /** How many calls are due some time. */ waiting: () => number }

export function handClock(start = '2030-01-01T00:00:00.000Z'): HandClock {
  let now = Date.parse(start)
  const timers = new Set<{ time: number; call: () => void }>()
  const nextUntil = (end: number) => [...timers].filter(({ time }) => time <= end).sort((a, b) => a.time - b.time)[0]
  return {
    now: () => now,
    at: (time, call) => {
      const timer = { time, call }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    move: (ms) => {
      const end = now + ms
      for (let timer = nextUntil(end); timer !== undefined; timer = nextUntil(end)) {
        now = Math.max(now, timer.time)
        timers.delete(timer)
        timer.call()
      }
      now = end
    },
    waiting: () => timers.size,
  }
}
