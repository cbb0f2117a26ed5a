import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { overview } from '../../../src/tui/models/overview.ts'

/** A figure that takes so many ms to be made. */
function slow(ms: number) {
  let version = 1
  const make = vi.fn(() => {
    vi.advanceTimersByTime(ms)
    return version
  })
  const changed = vi.fn()
  const { get, close } = overview(make, () => version, changed)
  return { get, close, made: () => make.mock.calls.length, changed, happen: () => void version++ }
}

describe('a figure of all tasks', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  it('is made once as long as nothing happens', () => {
    const { get, made } = slow(0)
    expect([get(), get(), made()]).toEqual([1, 1, 1])
  })

  it('is made anew at once where that costs nothing', () => {
    const { get, happen } = slow(0)
    get()
    happen()
    expect(get()).toBe(2)
  })

  it('costs no more than a thirtieth of the time, and is told when it can be made anew', () => {
    const { get, happen, changed, made } = slow(10)
    get()
    happen()
    expect([get(), get(), made()]).toEqual([1, 1, 1])
    vi.advanceTimersByTime(299)
    expect([get(), changed.mock.calls.length]).toEqual([1, 0])
    vi.advanceTimersByTime(1)
    expect([changed.mock.calls.length, get()]).toEqual([1, 2])
  })

  it('tells nobody after it was closed', () => {
    const { get, happen, changed, close } = slow(10)
    get()
    happen()
    get()
    close()
    vi.advanceTimersByTime(1_000)
    expect(changed).not.toHaveBeenCalled()
  })
})
