import { eastAsianWidth } from 'get-east-asian-width'

/** What takes room of its own: neither a mark on another sign nor an invisible one. */
const VISIBLE = /[^\p{Default_Ignorable_Code_Point}\p{Control}\p{Format}\p{Nonspacing_Mark}\p{Enclosing_Mark}\p{Surrogate}]/u
const PICTURE = /\p{Extended_Pictographic}/u
const PICTURES = /\p{Extended_Pictographic}/gu
const FLAG = /^\p{Regional_Indicator}{2}$/u
/** Marks that stand beside their letter: of Indian scripts, and of half-width kana. */
const BESIDE = /[\p{Spacing_Mark}\uff9e\uff9f]/gu

const PICTURE_SELECTOR = '\ufe0f'
const JOINER = '\u200d'
const KEYCAP = '\u20e3'

/**
 * Columns that a letter takes, as a person counts letters (UAX #29): 0, 1 or 2. The widths are those of Unicode
 * (UAX #11); pictures take two (UTS #51). string-width gives the same, but its table of pictures takes 20 ms to load.
 */
export function columnsOfLetter(letter: string): number {
  const at = letter.search(VISIBLE)
  if (at === -1) return 0
  const seen = letter.slice(at)
  if (isPicture(seen)) return 2
  const beside = seen.match(BESIDE)?.length ?? 0
  // A mark may also stand alone.
  return Math.min(2, Math.max(1, eastAsianWidth(seen.codePointAt(0) ?? 0) + (seen.search(BESIDE) === 0 ? beside - 1 : beside)))
}

function isPicture(letter: string): boolean {
  if (letter.includes(KEYCAP) || FLAG.test(letter)) return true
  if (letter.includes(PICTURE_SELECTOR)) return PICTURE.test(letter)
  return letter.includes(JOINER) && (letter.match(PICTURES)?.length ?? 0) >= 2
}
