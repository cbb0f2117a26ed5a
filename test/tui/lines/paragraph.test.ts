import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnsOf } from '../../../src/tui/lines/columns.ts'
import { textOf } from '../../../src/tui/lines/fit.ts'
import { paragraphLines } from '../../../src/tui/lines/paragraph.ts'

const paragraph = (text: string, width: number) => paragraphLines(text, width).map(textOf)

describe('a paragraph', () => {
  it('is broken at spaces, keeps its lines, and cuts a word that is longer than a row', () => {
    expect(paragraph('the quick brown fox\n\n  jumps', 10)).toEqual(['the quick', 'brown fox', '', '  jumps'])
    expect(paragraph('verylongwordindeed', 8)).toEqual(['verylong', 'wordinde', 'ed'])
  })

  it('fits signs of two columns', () => {
    expect(paragraph('漢字漢字', 5)).toEqual(['漢字', '漢字'])
  })

  it('fits its room and loses nothing but spaces, whatever the text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '漢', 'é', '\n', '😀', '-'), maxLength: 200 })
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 40 }), (given, width) => {
        const rows = paragraph(given, width)
        for (const row of rows) expect(columnsOf(row)).toBeLessThanOrEqual(width)
        expect(rows.join('').replaceAll(' ', '')).toBe(given.replaceAll(/[ \n]/g, ''))
      }),
    )
  })

  it('breaks a line of a megabyte at once', () => {
    const begun = performance.now()
    expect(paragraph('x'.repeat(1_000_000), 80)).toHaveLength(12_500)
    expect(performance.now() - begun).toBeLessThan(2_000)
  })
})
