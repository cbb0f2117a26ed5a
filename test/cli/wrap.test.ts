import fc from 'fast-check'
import { expect, it } from 'vitest'
import { wrap } from '../../src/cli/wrap.ts'

it('goes on below, so many columns in', () => {
  expect(wrap('one two three four five six seven eight nine ten', 40, 4, 6)).toBe('one two three four five six seven\n      eight nine ten')
})

it('keeps a long word whole, and begins it on a line of its own', () => {
  const path = `/${'x'.repeat(60)}`
  expect(wrap(`see ${path} there`, 40, 0, 2)).toBe(`see\n  ${path}\n  there`)
  expect(wrap(path, 40, 2, 2)).toBe(path)
})

it('begins below where what stands before leaves no room', () => {
  expect(wrap('word', 40, 38, 4)).toBe('\n    word')
})

it('leaves a line whole where there is no terminal', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^\S*$/)), (words) => {
      expect(wrap(words.join(' '), Infinity, 3, 5)).toBe(words.join(' '))
    }),
  )
})

it('loses no word, and passes the width by single words only', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1 }), fc.integer({ min: 40, max: 100 }), (words, width) => {
      const lines = wrap(words.join(' '), width, 10, 12).split('\n')
      expect(lines.flatMap((line) => line.trim().split(' '))).toEqual(words)
      const [first = '', ...rest] = lines
      const isOne = (line: string) => !line.trim().includes(' ')
      for (const line of [' '.repeat(10) + first, ...rest]) expect(line.length <= width || isOne(line)).toBe(true)
    }),
  )
})
