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

  it('take as many columns as any terminal gives them', () => {
    const ranges = [[0x3001, 0x3029], [0x3041, 0x3096], [0x30a1, 0x30fa], [0x3400, 0x4dbf], [0x4e00, 0x9fff], [0xff01, 0xff60]] as const
    for (const [from, to] of ranges) for (let code = from; code <= to; code++) expect(columnsOf(String.fromCharCode(code))).toBe(stringWidth(String.fromCharCode(code)))
  })
})
