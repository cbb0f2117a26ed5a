import { expect, it } from 'vitest'
import { onward } from '../../src/runtime/clock.ts'

it('the time of a run follows the time of day, and never goes back with it', () => {
  let day = 1_000_000
  let passed = 0
  const clock = onward(() => day, () => passed)
  const goOn = (ms: number) => {
    day += ms
    passed += ms
    return clock.now()
  }
  expect(goOn(250)).toBe(1_000_250)
  day -= 3_600_000
  expect(clock.now()).toBe(1_000_250)
  // Asked often, it does not go slower.
  for (let step = 0; step < 1000; step++) goOn(0.25)
  expect(clock.now()).toBe(1_000_500)
  day += 2 * 3_600_000
  expect(goOn(0)).toBe(1_000_500 + 3_600_000)
})
