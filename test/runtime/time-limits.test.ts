import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startTimers, type Expiry } from '../../src/runtime/time-limits.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const LIMITS = { timeout_s: 100, first_token_timeout_s: 10, idle_timeout_s: 5, max_tokens: undefined, max_cost_micro_usd: undefined }

it('counts silence anew with every word', () => {
  const expired: Expiry[] = []
  const timers = startTimers(LIMITS, (expiry) => expired.push(expiry))
  vi.advanceTimersByTime(9_900)
  for (let words = 0; words < 15; words++) {
    timers.heard()
    vi.advanceTimersByTime(4_900)
  }
  expect(expired).toEqual([])
  vi.advanceTimersByTime(100)
  expect(expired).toEqual([{ kind: 'silent', message: 'nothing more of the answer came for 5 s (idle_timeout_s)' }])
  timers.stop()
})

it('counts the whole time, however much is said', () => {
  const expired: Expiry[] = []
  const timers = startTimers(LIMITS, (expiry) => expired.push(expiry))
  for (let seconds = 0; seconds < 100; seconds++) {
    timers.heard()
    vi.advanceTimersByTime(1_000)
  }
  expect(expired).toEqual([{ kind: 'timeout', message: 'it took longer than 100 s' }])
  timers.stop()
})

it('leaves no timer behind', () => {
  const timers = startTimers(LIMITS, () => {})
  timers.stop()
  expect(vi.getTimerCount()).toBe(0)
  const others = startTimers(LIMITS, () => {})
  others.heard()
  others.stop()
  expect(vi.getTimerCount()).toBe(0)
})
