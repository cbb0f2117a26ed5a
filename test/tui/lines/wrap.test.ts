import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Line } from '../../../src/core/views/line.ts'
import { coloredLine } from '../../../src/tui/lines/colored.ts'
import { textOf, widthOf } from '../../../src/tui/lines/fit.ts'
import { markFound, patternOf } from '../../../src/tui/lines/found.ts'
import { wrap } from '../../../src/tui/lines/wrap.ts'

const wrapped = (text: string, width: number) => wrap([{ text }], width).map(textOf)
const spans = fc.array(fc.record({ text: fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('日本', 'é', ' ', 'word ', '  ')), style: fc.constantFrom('dim', 'strong') }), { maxLength: 8 }) as fc.Arbitrary<Line>

describe('a long line', () => {
  it('is broken between words', () => {
    expect(wrapped('the quick brown fox', 10)).toEqual(['the quick', 'brown fox'])
    expect(wrapped('the quick brown fox', 9)).toEqual(['the quick', 'brown fox'])
  })

  it('is broken in a word where a row would be half empty', () => {
    expect(wrapped('a 0123456789012345', 10)).toEqual(['a 01234567', '89012345'])
  })

  it('is one row where it fits, and where there is nothing in it', () => {
    expect(wrapped('0123456789', 10)).toEqual(['0123456789'])
    expect(wrapped('', 10)).toEqual([''])
  })

  it('never breaks a wide character', () => {
    expect(wrapped('日本語日本語', 5)).toEqual(['日本', '語日', '本語'])
    expect(wrapped('日本語 日本語', 6)).toEqual(['日本語', '日本語'])
  })

  it('loses nothing but the spaces at which it was broken, and is nowhere too wide', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 2, max: 30 }), (line, width) => {
        const rows = wrap(line, width)
        for (const row of rows) expect(widthOf(row)).toBeLessThanOrEqual(width)
        const letters = (text: string) => text.replaceAll(' ', '')
        expect(letters(rows.map(textOf).join(''))).toBe(letters(textOf(line)))
      }),
    )
  })
})

describe('colours that a text came with', () => {
  const RED = '\u001b[31m'

  it('are kept as they were', () => {
    expect(coloredLine(`plain ${RED}red\u001b[0m plain`)).toEqual([{ text: 'plain ' }, { text: 'red', sgr: '31' }, { text: ' plain' }])
    expect(coloredLine('\u001b[1m\u001b[38;5;200mpink\u001b[39mbold\u001b[22m\u001b[48;2;1;2;3mon')).toEqual([
      { text: 'pink', sgr: '1;38;5;200' },
      { text: 'bold', sgr: '1' },
      { text: 'on', sgr: '48;2;1;2;3' },
    ])
  })

  it('do not pile up', () => {
    const line = coloredLine(`${RED}a`.repeat(1_000))
    for (const { sgr } of line) expect(sgr).toBe('31')
  })
})

describe('what is searched for', () => {
  const found = (line: Line, words: string) => markFound(line, patternOf(words) ?? /$^/g)

  it('is marked, also where colours change in the middle of it', () => {
    expect(found([{ text: 'an er', sgr: '31' }, { text: 'ror' }], 'error')).toEqual([{ text: 'an ', sgr: '31' }, { text: 'er', style: 'found' }, { text: 'ror', style: 'found' }])
  })

  it('leaves the text as it was', () => {
    fc.assert(
      fc.property(spans, fc.string({ minLength: 1, maxLength: 2 }), (line, words) => {
        expect(textOf(found(line, words))).toBe(textOf(line))
      }),
    )
  })

  it('looks at the size of letters only where a large one was typed', () => {
    expect(textOf(found([{ text: 'Error error' }], 'error').filter(({ style }) => style === 'found'))).toBe('Errorerror')
    expect(textOf(found([{ text: 'Error error' }], 'Error').filter(({ style }) => style === 'found'))).toBe('Error')
  })
})
