import { expect, it } from 'vitest'
import { byteSize } from '../../src/cli/byte-size.ts'

it.each([
  ['500MB', 500_000_000],
  ['2gb', 2_000_000_000],
  ['1.5 kB', 1_500],
  ['80000', 80_000],
  ['0', 0],
])('reads %s as %i bytes', (text, bytes) => {
  expect(byteSize(text)).toBe(bytes)
})

it.each(['', 'MB', '-1', '1e9', '5 apples', '1.MB', '5constructor'])('says what a size looks like instead of taking "%s"', (text) => {
  expect(() => byteSize(text)).toThrow('500MB, 2GB or a number of bytes')
})
