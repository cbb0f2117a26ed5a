import * as fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { lettersOf } from '../../../src/tui/lines/columns.ts'
import { columnsOfLetter } from '../../../src/tui/lines/letter-columns.ts'

const SCRIPTS = 'aZé漢字한국어かなカナｶﾞﾊﾟкирилλ😀🚀✔⚠️❤️☎️1️⃣#️⃣🇩🇪👍🏽👩‍💻👨‍👩‍👧हिन्दीกำเสียงعربيעברית…·─│●○ﬁ½℃①㊗️Ⅷ々〆ー\u0301\u200b\u00ad\u2060'

describe('the columns of a letter', () => {
  it.each(lettersOf(SCRIPTS))('%s takes as many as string-width says', (letter) => {
    expect(columnsOfLetter(letter)).toBe(Math.min(2, stringWidth(letter)))
  })

  it('are those that string-width tells, for any character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }), (text) => {
        for (const letter of lettersOf(text)) expect([letter, columnsOfLetter(letter)]).toEqual([letter, Math.min(2, stringWidth(letter))])
      }),
      { numRuns: 3000 },
    )
  })
})
