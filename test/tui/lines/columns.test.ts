import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { clustersOf, columnsOf } from '../../../src/tui/lines/columns.ts'

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
const signs = fc.constantFrom('a', ' ', '│', '日', 'ア', '。', '！', '한', 'é', 'e\u0301', 'か\u3099', '👍🏽', '1\ufe0f\u20e3', '👨‍👩‍👧', '©\ufe0f', '\u0301', '\u200d', '🇩🇪', '\u0600', 'ﾊﾞ')

describe('the pieces of a text', () => {
  it('are those that a person sees as one sign', () => {
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 12 }), (parts) => {
        const text = parts.join('')
        const seen = Array.from(graphemes.segment(text), ({ segment }) => segment).filter((segment) => stringWidth(segment) > 0)
        expect(Array.from(clustersOf(text), (cluster) => cluster.text)).toEqual(seen)
      }),
    )
  })

  it('take as many columns as string-width says: each character of the basic plane, the short ways included', () => {
    const characters = Array.from({ length: 0xffff - 0x20 }, (_, index) => String.fromCharCode(0x20 + index)).filter((character) => !/[\p{Surrogate}\p{Control}]/u.test(character))
    expect(characters.length).toBeGreaterThan(60_000)
    expect(characters.filter((character) => columnsOf(character) !== Math.min(2, stringWidth(character)))).toEqual([])
  })
})
