import { expect, it } from 'vitest'
import { duration } from '../../src/cli/duration.ts'

it.each([
  ['30m', 1_800_000],
  ['12h', 43_200_000],
  ['7d', 604_800_000],
  ['90 s', 90_000],
  ['1.5H', 5_400_000],
])('reads %s as %i milliseconds', (text, ms) => {
  expect(duration(text)).toBe(ms)
})

it.each(['', 'h', '12', '-1h', '0h', '1e3s', '5 apples', '1.h', '12hours', '1h30m', '5constructor'])('says what a time looks like instead of taking "%s"', (text) => {
  expect(() => duration(text)).toThrow('30m, 12h or 7d')
})
